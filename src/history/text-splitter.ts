import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";

/** Splits a text into pieces that joined give the text again: a function, or an object with one. */
export type TextSplitter =
  | ((text: string) => MaybePromise<readonly string[]>)
  | { splitText(text: string): MaybePromise<readonly string[]> };

/**
 * Splits a text behind each line break. Joined, the pieces give the text again.
 *
 * @example
 * ```ts
 * import { defaultTextSplitter } from "linnet/messages";
 *
 * console.log(await defaultTextSplitter("one\ntwo")); // [ 'one\n', 'two' ]
 * ```
 */
export async function defaultTextSplitter(text: string): Promise<string[]> {
  const lines = text.split("\n");
  return lines.map((line, place) => (place < lines.length - 1 ? `${line}\n` : line));
}

/**
 * The pieces of a text, none of them empty, and none ending within a character.
 *
 * @throws LinnetError `INVALID_INPUT` if the splitter gives no list of texts.
 */
export async function splitText(text: string, splitter: TextSplitter): Promise<string[]> {
  const given = await (typeof splitter === "function" ? splitter(text) : splitter.splitText(text));
  if (!Array.isArray(given) || given.some((piece) => typeof piece !== "string")) {
    throw new LinnetError(`Expected textSplitter to give an array of strings, got ${describeValue(given)}.`, {
      code: "INVALID_INPUT",
    });
  }
  const pieces: string[] = [];
  for (const piece of given as readonly string[]) {
    const last = pieces.length - 1;
    if (isCutCharacter(pieces[last], piece)) pieces[last] += piece;
    else if (piece !== "") pieces.push(piece);
  }
  return pieces;
}

/** Whether a character of two code units lies across the border of two pieces. */
function isCutCharacter(left: string | undefined, right: string): boolean {
  if (left === undefined) return false;
  return (left.charCodeAt(left.length - 1) & 0xfc00) === 0xd800 && (right.charCodeAt(0) & 0xfc00) === 0xdc00;
}
