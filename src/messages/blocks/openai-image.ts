import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { type Data, isBase64ContentBlock, isURLContentBlock } from "./data.ts";

/**
 * An image in the older form as OpenAI takes it. For whole messages, in any form, there is `toOpenAIMessages`.
 *
 * @throws LinnetError `INVALID_INPUT` if it has neither an address nor bytes with a `mime_type`.
 *
 * @example
 * ```ts
 * import { convertToOpenAIImageBlock } from "linnet/messages";
 *
 * convertToOpenAIImageBlock({ type: "image", source_type: "base64", data: "iVBORw0KGgo=", mime_type: "image/png" });
 * // { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }
 * ```
 */
export function convertToOpenAIImageBlock(block: Data.URLContentBlock | Data.Base64ContentBlock): {
  type: "image_url";
  image_url: { url: string };
} {
  if (isURLContentBlock(block)) return { type: "image_url", image_url: { url: block.url } };
  if (isBase64ContentBlock(block) && block.mime_type) {
    return { type: "image_url", image_url: { url: `data:${block.mime_type};base64,${block.data}` } };
  }
  throw new LinnetError(
    `Expected an image with source_type "url" and a url, or "base64" with data and a mime_type; got ${describeValue(block)}.`,
    { code: "INVALID_INPUT" },
  );
}
