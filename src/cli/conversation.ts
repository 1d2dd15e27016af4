import { AIMessage, type BaseChatModel, type BaseMessage, HumanMessage, type UsageMetadata } from "../entries/index.ts";
import { type Accumulator, accumulate } from "../streams/accumulator.ts";

/** A chat with a model, which is given all of it at each turn. */
export class Conversation {
  readonly #model: BaseChatModel;
  readonly #messages: BaseMessage[] = [];
  #usage: UsageMetadata | undefined = undefined;

  constructor(model: BaseChatModel) {
    this.#model = model;
  }

  /** What was said so far. */
  get messages(): readonly BaseMessage[] {
    return this.#messages;
  }

  /** The tokens of the last reply, where the model counts them. */
  get usage(): UsageMetadata | undefined {
    return this.#usage;
  }

  /**
   * Says something, and streams the text of the reply. A reply that is cut short is kept as far as it came; a turn without
   * any reply is forgotten, since a model expects its turns to alternate.
   *
   * @param signal ends the reply; the iteration then rejects.
   */
  async *reply(text: string, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
    const asked = new HumanMessage(text);
    const stream = await this.#model.stream([...this.#messages, asked], { signal });
    let sum: Accumulator<BaseMessage> | undefined;
    this.#usage = undefined;
    try {
      for await (const chunk of stream) {
        if (sum === undefined) sum = accumulate(chunk);
        else sum.add(chunk);
        if (chunk.text !== "") yield chunk.text;
      }
    } finally {
      const said = sum?.value();
      if (said !== undefined) {
        this.#messages.push(asked, new AIMessage(said.text));
        this.#usage = (said as Partial<AIMessage>).usage_metadata;
      }
    }
  }
}
