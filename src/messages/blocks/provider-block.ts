import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import type { Data } from "./data.ts";

/** What a provider's parts are, by kind. */
export interface ProviderFormatTypes<
  Text = unknown,
  Image = unknown,
  Audio = unknown,
  File = unknown,
  Video = unknown,
> {
  text: Text;
  image: Image;
  audio: Audio;
  file: File;
  video: Video;
}

/** How one provider takes parts in the older form. A method that is left out says that it takes none of the kind. */
export interface StandardContentBlockConverter<Formats extends Partial<ProviderFormatTypes>> {
  /** The provider, as an error names it. */
  providerName: string;
  fromStandardTextBlock?(block: Data.StandardTextBlock): Formats["text"];
  fromStandardImageBlock?(block: Data.StandardImageBlock): Formats["image"];
  fromStandardAudioBlock?(block: Data.StandardAudioBlock): Formats["audio"];
  fromStandardFileBlock?(block: Data.StandardFileBlock): Formats["file"];
}

const METHODS = {
  text: "fromStandardTextBlock",
  image: "fromStandardImageBlock",
  audio: "fromStandardAudioBlock",
  file: "fromStandardFileBlock",
} as const;

/**
 * A part in the older form as a provider takes it.
 *
 * @throws LinnetError `NOT_SUPPORTED` if the converter has no method for the kind of part; `INVALID_INPUT` if there is no
 *   such kind.
 *
 * @example
 * ```ts
 * import { convertToProviderContentBlock, type StandardContentBlockConverter } from "linnet/messages";
 *
 * const acme: StandardContentBlockConverter<{ text: string }> = {
 *   providerName: "acme",
 *   fromStandardTextBlock: (block) => block.text.toUpperCase(),
 * };
 * convertToProviderContentBlock({ type: "text", source_type: "text", text: "hi" }, acme); // HI
 * ```
 */
export function convertToProviderContentBlock<Formats extends Partial<ProviderFormatTypes>>(
  block: Data.DataContentBlock,
  converter: StandardContentBlockConverter<Formats>,
): Formats[keyof Formats] {
  const type: unknown = block?.type;
  if (typeof type !== "string" || !Object.hasOwn(METHODS, type)) {
    throw new LinnetError(`Expected a part of type ${Object.keys(METHODS).join(", ")}; got ${describeValue(block)}.`, {
      code: "INVALID_INPUT",
    });
  }
  const method = METHODS[block.type];
  // Each method takes the parts of its own kind.
  const convert = converter[method] as ((block: Data.DataContentBlock) => Formats[keyof Formats]) | undefined;
  if (convert !== undefined) return convert.call(converter, block);
  throw new LinnetError(
    `${converter.providerName} takes no part of type ${JSON.stringify(block.type)}. Leave it out, or give the converter the method ${method}.`,
    { code: "NOT_SUPPORTED" },
  );
}
