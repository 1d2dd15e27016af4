/** What outside JSON may cost. */
export interface JsonLimits {
  /** How deep lists and objects may be nested. Default: 256. */
  readonly maxDepth?: number | undefined;
  /** How many characters (UTF-16 units) there may be. Default: Infinity. */
  readonly maxLength?: number | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\0-\x1f]/;
/** What tells where a string begins and ends, and the control characters, but for those that a backslash makes no JSON. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const QUOTE_OR_CONTROL = /\\.|["\0-\x1f]/gs;
/** What words and numbers are made of. */
export const WORD_CHARACTER: RegExp = /[-+.\w]/;
/** A number, and what it may break off with. */
const BEGUN_NUMBER = /^(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?:\.|[eE][-+]?)?$/;

/** What may come next: a value, the key of an object, or what stands between them. */
type Expected = "value" | "key" | ":" | ",";

/**
 * JSON that is still being written, closed so that it is whole; what is no JSON stays so, and whole JSON stays as it is. What
 * is complete is taken, texts also where they are not, and words and numbers as far as they go; a key shows once its value
 * has begun. So what is read of a beginning is a beginning of what is read of more, and half an escape or character is never
 * shown. Control characters within texts, which models forget to escape, are escaped. One pass over the text.
 *
 * @returns undefined beyond a limit.
 */
export function completeJson(
  text: string,
  { maxDepth = 256, maxLength = Infinity }: JsonLimits = {},
): string | undefined {
  if (text.length > maxLength) return undefined;
  const closers: string[] = [];
  // Up to here the text is whole once its brackets are closed.
  let safe = 0;
  let end = "";
  let expected: Expected = "value";
  let place = 0;
  while (place < text.length) {
    const character = text[place] as string;
    const start = place;
    place += 1;
    // What is cut off at the end must be what JSON may go on with. The rest is left to the parser.
    if (character === '"') {
      const string = scanString(text, place);
      place = string.end;
      if (expected === "key") expected = ":";
      else if (expected !== "value") return text;
      else {
        expected = ",";
        safe = string.safe;
        if (place > text.length) end = '"';
      }
    } else if (character === "{" || character === "[") {
      if (expected !== "value") return text;
      if (closers.push(character === "{" ? "}" : "]") > maxDepth) return undefined;
      expected = character === "{" ? "key" : "value";
      safe = place;
    } else if (character === "}" || character === "]") {
      closers.pop();
      expected = ",";
      safe = place;
    } else if (character === "," || character === ":") {
      if (expected !== character || closers.length === 0) return text;
      expected = character === "," && closers[closers.length - 1] === "}" ? "key" : "value";
    } else if (character > " ") {
      if (expected !== "value") return text;
      expected = ",";
      while (place < text.length && WORD_CHARACTER.test(text[place] as string)) place += 1;
      if (place < text.length) safe = place;
      else {
        const word = text.slice(start);
        end = wholeWord(word);
        if (end !== "") safe = start;
        else if (word !== "-") return text;
      }
    }
  }
  const whole = text.slice(0, safe) + end + closers.reverse().join("");
  return CONTROL.test(whole) ? escapeControls(whole) : whole;
}

/** JSON with the control characters in its strings escaped. */
export function escapeControls(json: string): string {
  let isInside = false;
  return json.replace(QUOTE_OR_CONTROL, (found) => {
    if (found === '"') isInside = !isInside;
    return isInside && found < " " ? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}` : found;
  });
}

/**
 * Scans a string, from after its first quote.
 *
 * @returns where it ends, which is beyond the text where that breaks off before; and up to where it can be shown, which is
 *   not beyond half an escape or character.
 */
function scanString(text: string, start: number): { readonly end: number; readonly safe: number } {
  let place = start;
  let safe = start;
  while (place < text.length) {
    let code = text.charCodeAt(place);
    place += 1;
    if (code === QUOTE) return { end: place, safe: place };
    if (code === BACKSLASH) {
      const isCode = text[place] === "u";
      place += isCode ? 5 : 1;
      code = isCode ? Number.parseInt(text.slice(place - 4, place), 16) : 0;
    }
    // The first half of a character that takes two waits for what comes next.
    if (place <= text.length && (code & 0xfc00) !== 0xd800) safe = place;
  }
  return { end: text.length + 1, safe };
}

/** The word that a beginning stands for; empty where that cannot be told. */
export function wholeWord(word: string): string {
  return ["true", "false", "null"].find((whole) => whole.startsWith(word)) ?? BEGUN_NUMBER.exec(word)?.[1] ?? "";
}
