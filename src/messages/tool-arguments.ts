import { isPlainRecord } from "../secrets/plain-record.ts";

/** How deep arguments may be nested; deeper ones are refused as malformed. */
const MAX_DEPTH = 256;

const WORD_CHARACTER = /[-+.\w]/;
const WHOLE_NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/;
/** An escape that has begun: a backslash after an even number of them, or a code that lacks digits. */
const BEGUN_ESCAPE = /(?<!\\)(?:\\\\)*(\\(?:u[\da-fA-F]{0,3})?)$/;
/** The first half of a character that takes two, as an escape or as it is. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*(\\u[dD][89aAbB][\da-fA-F]{2}|[\ud800-\udbff])$/;

/**
 * The arguments of a tool call as a model wrote them: a JSON object, whole or, while it is still being streamed, its
 * beginning. Of a beginning, what is complete is taken, texts and words also where they are not.
 *
 * @returns undefined where it is no object or no JSON; `{}` where it is empty.
 */
export function parseToolArguments(text: string): Record<string, unknown> | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  if (trimmed[0] !== "{") return undefined;
  const parsed = tryParse(trimmed) ?? tryParse(completeJson(trimmed));
  return isPlainRecord(parsed) ? parsed : undefined;
}

function tryParse(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A beginning of JSON, closed so that it is whole; undefined where it is nested too deep. */
function completeJson(text: string): string | undefined {
  const closers: string[] = [];
  // Up to here the text is whole once its brackets are closed.
  let safe = 0;
  let atKey = false;
  let place = 0;
  while (place < text.length) {
    const character = text[place] as string;
    const end = endOfToken(text, place, character);
    if (end === undefined) return atKey ? close(text.slice(0, safe), closers) : close(closeString(text), closers);
    if (character === "{" || character === "[") {
      closers.push(character === "{" ? "}" : "]");
      if (closers.length > MAX_DEPTH) return undefined;
      atKey = character === "{";
      safe = end;
    } else if (character === "}" || character === "]") {
      // Whether it is the right one is left to the parser.
      closers.pop();
      atKey = false;
      safe = end;
    } else if (character === "," || character === ":") {
      atKey = character === "," && closers[closers.length - 1] === "}";
    } else if (end === text.length && WORD_CHARACTER.test(character)) {
      const word = wholeWord(text.slice(place));
      return close(word === "" ? text.slice(0, safe) : text.slice(0, place) + word, closers);
    } else if (!atKey && character.trim() !== "") safe = end;
    place = end;
  }
  return close(text.slice(0, safe), closers);
}

/** Where the token ends that begins at a place; undefined for a string that has no end. */
function endOfToken(text: string, place: number, character: string): number | undefined {
  if (character === '"') return endOfString(text, place);
  let end = place + 1;
  if (WORD_CHARACTER.test(character)) while (end < text.length && WORD_CHARACTER.test(text[end] as string)) end += 1;
  return end;
}

function endOfString(text: string, start: number): number | undefined {
  for (let place = start + 1; place < text.length; place += 1) {
    if (text[place] === "\\") place += 1;
    else if (text[place] === '"') return place + 1;
  }
  return undefined;
}

/** Ends the string that a text breaks off in, without the half of an escape or of a character. */
function closeString(text: string): string {
  const whole = withoutEnd(text, BEGUN_ESCAPE);
  return `${withoutEnd(whole, HALF_CHARACTER)}"`;
}

function withoutEnd(text: string, pattern: RegExp): string {
  // No half is longer than eleven characters, but the backslashes before it may be many.
  const cut = pattern.exec(text)?.[1]?.length ?? 0;
  return cut === 0 ? text : text.slice(0, -cut);
}

/** The word that a beginning stands for; empty where that cannot be told. */
function wholeWord(word: string): string {
  return ["true", "false", "null"].find((whole) => whole.startsWith(word)) ?? WHOLE_NUMBER.exec(word)?.[0] ?? "";
}

function close(text: string, closers: readonly string[]): string {
  return text + [...closers].reverse().join("");
}
