const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CHARACTERS = /^[A-Za-z0-9+/]+={0,2}$/;

/** Whether a text is base64, of one byte at least; the padding at its end may be left out. */
export function isBase64(text: string): boolean {
  return CHARACTERS.test(text) && text.length % 4 !== 1 && (text.length % 4 === 0 || !text.endsWith("="));
}

/** The bytes of a text that {@link isBase64}. Not every runtime has a function for it. */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.indexOf("=");
  const length = padding === -1 ? text.length : padding;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let place = 0;
  for (let index = 0; index < length; index += 1) {
    bits = (bits << 6) | sextetOf(text.charCodeAt(index));
    // Each of four characters but the first completes a byte; the array takes the low eight bits.
    const missing = 3 - (index % 4);
    if (missing < 3) bytes[place++] = bits >> (2 * missing);
  }
  return bytes;
}

/** The base64 of bytes, with its padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 3) {
    const [first = 0, second, third] = [bytes[start], bytes[start + 1], bytes[start + 2]];
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += characterOf(bits >> 18) + characterOf(bits >> 12);
    text += (second === undefined ? "=" : characterOf(bits >> 6)) + (third === undefined ? "=" : characterOf(bits));
  }
  return text;
}

function characterOf(bits: number): string {
  return ALPHABET[bits & 63] as string;
}

/** The place of a character in the alphabet, reckoned, since a table would have to be made. */
function sextetOf(code: number): number {
  if (code >= 97) return code - 71;
  if (code >= 65) return code - 65;
  if (code >= 48) return code + 4;
  return code === 43 ? 62 : 63;
}
