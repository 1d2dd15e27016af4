import { decodeBase64, isBase64 } from "./base64.ts";
import { readMimeType } from "./mime-type.ts";

/** What {@link parseBase64DataUrl} reads. */
export interface Base64DataUrlInput<AsTypedArray extends boolean = boolean> {
  /** The address, which may be any. */
  dataUrl: string;
  /** Whether to give the bytes as they are, not as base64. Default: false. */
  asTypedArray?: AsTypedArray;
}

/** What a data URL holds. */
export interface Base64DataUrl<AsTypedArray extends boolean = boolean> {
  data: AsTypedArray extends true ? Uint8Array : string;
  /** With its parameters, if it has any. `text/plain` where the address does not say. */
  mime_type: string;
}

const HEAD = /^data:([^,]*);base64,/i;

/**
 * Reads a data URL whose bytes are in base64: `data:image/svg+xml;base64,…`. The mime type may be any legal one, with
 * parameters or left out.
 *
 * @returns undefined for any other address, for bytes that are no base64, and for none at all.
 *
 * @example
 * ```ts
 * import { parseBase64DataUrl } from "linnet/messages";
 *
 * const icon = parseBase64DataUrl({ dataUrl: "data:image/svg+xml;base64,PHN2Zy8+" });
 * console.log(icon); // { data: "PHN2Zy8+", mime_type: "image/svg+xml" }
 * ```
 */
export function parseBase64DataUrl<AsTypedArray extends boolean = false>({
  dataUrl,
  asTypedArray,
}: Base64DataUrlInput<AsTypedArray>): Base64DataUrl<AsTypedArray> | undefined {
  const head = typeof dataUrl === "string" ? HEAD.exec(dataUrl) : null;
  if (head === null) return undefined;
  const [whole, given = ""] = head;
  // RFC 2397: the type may be left out, also before parameters.
  const mime_type = given === "" || given.startsWith(";") ? `text/plain${given}` : given;
  const data = dataUrl.slice(whole.length);
  if (readMimeType(mime_type) === undefined || !isBase64(data)) return undefined;
  // The compiler does not follow the condition into the type.
  return { data: asTypedArray ? decodeBase64(data) : data, mime_type } as Base64DataUrl<AsTypedArray>;
}
