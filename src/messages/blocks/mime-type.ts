import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { setOwn } from "../../secrets/plain-record.ts";

/** What a mime type says. */
export interface MimeType {
  type: string;
  subtype: string;
  /** By name, as they are written; a name that comes twice has its last value. */
  parameters: Record<string, string>;
}

/** RFC 9110, 8.3.1: two tokens, then parameters whose values are tokens or quoted. */
const ESSENCE = /^[\t ]*([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)[\t ]*/;
const PARAMETER =
  /;[\t ]*(?:([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"([^"\\\r\n]*(?:\\.[^"\\\r\n]*)*)")[\t ]*)?/y;
const QUOTED_PAIR = /\\(.)/g;

/**
 * Reads a mime type: `image/svg+xml`, `text/plain; charset=utf-8`, any that RFC 9110 allows. Its letters are left as they
 * are; they mean the same in either case.
 *
 * @throws LinnetError `INVALID_INPUT` if it is none.
 *
 * @example
 * ```ts
 * import { parseMimeType } from "linnet/messages";
 *
 * console.log(parseMimeType("image/svg+xml").subtype); // svg+xml
 * console.log(parseMimeType('text/plain; charset="utf-8"').parameters.charset); // utf-8
 * ```
 */
export function parseMimeType(mimeType: string): MimeType {
  const parsed = typeof mimeType === "string" ? readMimeType(mimeType) : undefined;
  if (parsed !== undefined) return parsed;
  throw new LinnetError(
    `Expected a mime type such as "image/png" or "text/plain; charset=utf-8", got ${describeValue(mimeType)}.`,
    { code: "INVALID_INPUT" },
  );
}

/** What a mime type says; undefined if it is none. */
export function readMimeType(text: string): MimeType | undefined {
  const essence = ESSENCE.exec(text);
  if (essence === null) return undefined;
  const [whole, type, subtype] = essence as unknown as [string, string, string];
  const parameters: Record<string, string> = {};
  let place = whole.length;
  while (place < text.length) {
    PARAMETER.lastIndex = place;
    const parameter = PARAMETER.exec(text);
    if (parameter === null) return undefined;
    const [found, name, token, quoted] = parameter;
    if (name !== undefined) setOwn(parameters, name, token ?? (quoted as string).replace(QUOTED_PAIR, "$1"));
    place += found.length;
  }
  return { type, subtype, parameters };
}
