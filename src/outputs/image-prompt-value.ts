import type { BaseMessage } from "../messages/base-message.ts";
import { HumanMessage } from "../messages/human.ts";
import { BasePromptValue } from "./prompt-value.ts";

/** An image in a prompt. */
export interface ImageContent {
  /** Where it is: an address, or a `data:` URL that holds it. */
  url: string;
  /** How closely the model looks at it. Default: the provider's. */
  detail?: "auto" | "low" | "high" | undefined;
}

/** What an {@link ImagePromptValue} is made of. */
export interface ImagePromptValueFields {
  imageUrl: ImageContent;
}

/** A prompt that is one image. */
export class ImagePromptValue extends BasePromptValue {
  readonly imageUrl: ImageContent;
  /** The image's URL. */
  readonly value: string;

  /** @param fields the image; by itself, or as the field `imageUrl`. */
  constructor(fields: ImageContent | ImagePromptValueFields) {
    super();
    this.imageUrl = "imageUrl" in fields ? fields.imageUrl : fields;
    this.value = this.imageUrl.url;
  }

  static override lc_name(): string {
    return "ImagePromptValue";
  }

  override get lc_kwargs(): Record<string, unknown> {
    return { image_url: this.imageUrl };
  }

  override toString(): string {
    return this.value;
  }

  override toChatMessages(): BaseMessage[] {
    return [new HumanMessage([{ type: "image_url", image_url: { ...this.imageUrl } }])];
  }
}
