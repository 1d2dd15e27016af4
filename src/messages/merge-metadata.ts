import { METADATA_RULES, mergeRecords } from "./merge.ts";

/** What providers say of their answers: facts, of which none is promised. */
export type ResponseMetadata = Record<string, unknown>;

/**
 * The `response_metadata` of a sum: of every fact the last stands, objects are merged, lists follow each other. Neither side
 * is written to.
 *
 * @param left where it is nothing, it adds nothing; so does `right`.
 *
 * @example
 * ```ts
 * import { mergeResponseMetadata } from "linnet/messages";
 *
 * mergeResponseMetadata({ model_name: "m" }, { finish_reason: "stop" }); // { model_name: "m", finish_reason: "stop" }
 * ```
 */
export function mergeResponseMetadata(
  left?: Readonly<ResponseMetadata> | null,
  right?: Readonly<ResponseMetadata> | null,
): ResponseMetadata {
  return mergeRecords(left ?? {}, right ?? {}, METADATA_RULES);
}
