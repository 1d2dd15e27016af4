import { LinnetError } from "../errors/linnet-error.ts";

/**
 * A parser could not read what a model said.
 *
 * @example
 * ```ts
 * import { BaseOutputParser, OutputParserException } from "linnet";
 *
 * class YesOrNo extends BaseOutputParser<boolean> {
 *   getFormatInstructions(): string {
 *     return "Answer yes or no.";
 *   }
 *   parse(text: string): boolean {
 *     if (text !== "yes" && text !== "no") throw new OutputParserException(`Expected yes or no, got ${text}.`, text);
 *     return text === "yes";
 *   }
 * }
 * ```
 */
export class OutputParserException extends LinnetError {
  /** What the model said. */
  declare readonly llmOutput: string | undefined;
  /** What to tell the model, so that it says it right. */
  declare readonly observation: string | undefined;
  /** Whether the observation should go back to the model, with what it said. */
  declare readonly sendToLLM: boolean;

  /**
   * @param message what was expected, and what came.
   * @param llmOutput what the model said.
   * @param observation what to tell the model.
   * @param sendToLLM whether to tell it. Default: false.
   * @param options the error that led to this one.
   * @throws LinnetError `INVALID_INPUT` for `sendToLLM` without the two texts that it sends.
   */
  constructor(
    message: string,
    llmOutput?: string,
    observation?: string,
    sendToLLM: boolean = false,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, { code: "OUTPUT_PARSING_FAILURE", cause: options.cause });
    if (sendToLLM && (llmOutput === undefined || observation === undefined)) {
      const missing = llmOutput === undefined ? "llmOutput" : "observation";
      throw new LinnetError(
        `Expected llmOutput and observation with sendToLLM, got no ${missing}. Give both, or leave sendToLLM out.`,
        { code: "INVALID_INPUT" },
      );
    }
    this.llmOutput = llmOutput;
    this.observation = observation;
    this.sendToLLM = sendToLLM;
  }

  /** Whether a value is such an error, also one of another copy of the package. */
  static override isInstance(value: unknown): value is OutputParserException {
    return LinnetError.isInstance(value) && "sendToLLM" in value;
  }

  /** The class's name. Not set by a statement beside the class, which would keep it in bundles that do not use it. */
  override get name(): string {
    return "OutputParserException";
  }

  override set name(value: string) {
    Object.defineProperty(this, "name", { value, writable: true, enumerable: true, configurable: true });
  }
}
