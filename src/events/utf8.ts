/** A text in UTF-8; it must be well-formed, as JSON is. */
export function toUtf8(text: string): Uint8Array {
  // Not every runtime has an encoder.
  if (globalThis.TextEncoder !== undefined) return new TextEncoder().encode(text);
  const bytes = encodeURIComponent(text).match(/%..|./g) ?? [];
  return Uint8Array.from(bytes, (byte) =>
    byte.length === 1 ? byte.charCodeAt(0) : Number.parseInt(byte.slice(1), 16),
  );
}
