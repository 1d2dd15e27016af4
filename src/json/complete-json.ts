/** What outside JSON may cost. */
export interface JsonLimits {
  /** How deep lists and objects may be nested. Default: 256. */
  readonly maxDepth?: number | undefined;
  /** How many characters (UTF-16 units) there may be. Default: Infinity. */
  readonly maxLength?: number | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The first character that is no control character. */
const FIRST_PRINTED = 0x20;
const WORD_CHARACTER = /[-+.\w]/;
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
  let hasControls = false;
  let place = 0;
  while (place < text.length) {
    const character = text[place] as string;
    const start = place;
    place += 1;
    // What is cut off at the end must be what JSON may go on with. The rest is left to the parser.
    if (character === '"') {
      const string = scanString(text, place);
      place = string.end;
      hasControls ||= string.hasControls;
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
  return hasControls ? escapeControls(whole) : whole;
}

/** JSON with the control characters in its strings escaped. */
export function escapeControls(json: string): string {
  let escaped = "";
  let from = 0;
  for (let place = json.indexOf('"'); place !== -1; place = json.indexOf('"', place)) {
    const { end } = scanString(json, place + 1);
    for (; place < end; place += 1) {
      const code = json.charCodeAt(place);
      if (code >= FIRST_PRINTED) continue;
      escaped += `${json.slice(from, place)}\\u${code.toString(16).padStart(4, "0")}`;
      from = place + 1;
    }
  }
  return escaped + json.slice(from);
}

interface ScannedString {
  /** Where it ends; beyond the text where that breaks off before. */
  readonly end: number;
  /** Up to where it can be shown: not beyond half an escape or character. */
  readonly safe: number;
  readonly hasControls: boolean;
}

/** Scans a string, from after its first quote. */
function scanString(text: string, start: number): ScannedString {
  let place = start;
  let safe = start;
  let hasControls = false;
  while (place < text.length) {
    let code = text.charCodeAt(place);
    place += 1;
    if (code === QUOTE) return { end: place, safe: place, hasControls };
    if (code < FIRST_PRINTED) hasControls = true;
    if (code === BACKSLASH) {
      const isCode = text[place] === "u";
      place += isCode ? 5 : 1;
      code = isCode ? Number.parseInt(text.slice(place - 4, place), 16) : 0;
    }
    // The first half of a character that takes two waits for what comes next.
    if (place <= text.length && (code & 0xfc00) !== 0xd800) safe = place;
  }
  return { end: text.length + 1, safe, hasControls };
}

/** The word that a beginning stands for; empty where that cannot be told. */
function wholeWord(word: string): string {
  return ["true", "false", "null"].find((whole) => whole.startsWith(word)) ?? BEGUN_NUMBER.exec(word)?.[1] ?? "";
}
