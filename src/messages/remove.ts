import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { BaseMessage, type BaseMessageFields, isMessage, LEFT_TO_SUBCLASS } from "./base-message.ts";

/** The fields of a {@link RemoveMessage}. */
export interface RemoveMessageFields extends Omit<BaseMessageFields, "content"> {
  /** The id of the message to remove. */
  id: string;
}

/**
 * Asks a store of messages to remove one; it says nothing itself, so its content is an empty list. There is no chunk of it.
 *
 * @example
 * ```ts
 * import { RemoveMessage } from "linnet/messages";
 *
 * const message = new RemoveMessage({ id: "message-1" });
 * console.log(message.id); // message-1
 * ```
 */
export class RemoveMessage extends BaseMessage {
  declare readonly type: "remove";
  /** The id of the message to remove. */
  declare id: string;

  /** @throws LinnetError `INVALID_INPUT` if there is no id. */
  constructor(fields: RemoveMessageFields) {
    super(LEFT_TO_SUBCLASS);
    const id: unknown = fields?.id;
    if (typeof id !== "string" || id === "") {
      throw new LinnetError(
        `Expected the id of the message to remove, got ${describeValue(id)}. Pass new RemoveMessage({ id }).`,
        { code: "INVALID_INPUT" },
      );
    }
    this.type = "remove";
    this.content = [];
    this.additional_kwargs = fields.additional_kwargs ?? {};
    this.response_metadata = fields.response_metadata ?? {};
    this.id = id;
    this.name = fields.name;
  }

  static override lc_name(): string {
    return "RemoveMessage";
  }

  /** Whether a value is such a message, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is RemoveMessage {
    return isMessage(value, "remove");
  }
}
