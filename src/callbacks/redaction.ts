import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { reportError } from "../errors/reporter.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import { isMessage } from "../messages/base-message.ts";
import { HumanMessage } from "../messages/human.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import { isPromiseLike } from "../streams/maybe-promise.ts";
import type { Redact, RedactedPayload } from "./redact.ts";
import type { Run } from "./run.ts";

/** What is told where a hook failed. */
const FAILED = "[redaction failed]";

type Fields = Readonly<Record<string, unknown>> | undefined;

/** Values that handlers rely on the shape of, and how a text is put into it. */
const SHAPES: readonly (readonly [is: (value: unknown) => boolean, of: (text: string, value: unknown) => unknown])[] = [
  [(value) => Array.isArray(value) && value.every((item) => isMessage(item)), (text) => [new HumanMessage(text)]],
  [(value) => Array.isArray((value as Fields)?.generations), inResult],
  [
    (value) => isMessage((value as Fields)?.message),
    (text) => new ChatGenerationChunk({ message: new AIMessageChunk(text) }),
  ],
  [(value) => value instanceof GenerationChunk, (text) => new GenerationChunk({ text })],
  [(value) => value instanceof Error, (text) => new Error(text)],
];

/** Payloads that handlers get as text where they are text. */
const TEXTS: ReadonlySet<RedactedPayload> = new Set<RedactedPayload>(["text", "token", "chunk"]);

/** What of one run is told to others, passed through the hooks that its manager has. */
export class Redaction {
  readonly #hooks: readonly Redact[];
  readonly #run: Run;
  /** The last value and what is told for it: several moments tell of one value. */
  #value: unknown = undefined;
  #payload: RedactedPayload | undefined = undefined;
  #told: unknown = undefined;

  constructor(hooks: readonly Redact[], run: Run) {
    this.#hooks = hooks;
    this.#run = run;
  }

  /** What is told in place of a value. Never throws. */
  of(value: unknown, payload: RedactedPayload): unknown {
    if (value === undefined) return value;
    if (this.#payload === payload && this.#value === value) return this.#told;
    let told: unknown = value;
    for (const hook of this.#hooks) told = this.#pass(hook, told, payload);
    this.#value = value;
    this.#payload = payload;
    this.#told = told;
    return told;
  }

  #pass(hook: Redact, value: unknown, payload: RedactedPayload): unknown {
    const { kind, runId, runName } = this.#run;
    try {
      return inShape(hook(value, { payload, kind, runId, runName }), value, payload);
    } catch (error) {
      reportError(error, `the redact hook, at ${payload} of ${runName}`);
      return inShape(FAILED, value, payload);
    }
  }
}

function inShape(told: unknown, value: unknown, payload: RedactedPayload): unknown {
  if (isPromiseLike(told)) {
    told.then(undefined, () => undefined);
    throw misfit(told);
  }
  if (payload === "params") return typeof told === "object" && told !== null ? told : {};
  if (typeof value === "string" && TEXTS.has(payload) && typeof told !== "string") throw misfit(told);
  const shape = shapeOf(value);
  if (shape === undefined || shape[0](told)) return told;
  if (typeof told !== "string") throw misfit(told);
  return shape[1](told, value);
}

function shapeOf(value: unknown): (typeof SHAPES)[number] | undefined {
  try {
    return SHAPES.find(([is]) => is(value));
  } catch {
    // An object that cannot be looked into has no shape that anybody relies on.
    return undefined;
  }
}

function misfit(told: unknown): LinnetError {
  return new LinnetError(
    `Expected the redact hook to give, at once, a text or a value of the shape it was given; got ${describeValue(told)}.`,
    { code: "INVALID_CONFIG" },
  );
}

function inResult(text: string, value: unknown): LLMResult {
  const [first] = (value as LLMResult).generations[0] ?? [];
  const isChat = (first as { message?: unknown } | undefined)?.message !== undefined;
  return { generations: [[isChat ? new ChatGeneration({ message: new AIMessage(text) }) : { text }]] };
}
