import type { CallbackHandler } from "../../../src/callbacks/handler.ts";
import { type Call, recordingHandler } from "../handlers.ts";

/** A run as a plain handler is told of it, with those below it in the order of their starts. */
export interface ToldRun {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly closing: "end" | "error" | "cancelled" | "open";
  readonly below: readonly ToldRun[];
}

type Growing = { -readonly [Key in keyof ToldRun]: ToldRun[Key] } & { below: Growing[] };

/** Which argument of a start is the run's name, and what the run is. */
const STARTS: Record<string, readonly [name: number, type: string]> = {
  handleChainStart: [7, "chain"],
  handleLLMStart: [7, "llm"],
  handleChatModelStart: [7, "llm"],
  handleToolStart: [6, "tool"],
  handleRetrieverStart: [6, "retriever"],
};

/** The trees of runs that a plain handler is told of. */
export class StartTree {
  readonly handler: CallbackHandler;
  readonly roots: ToldRun[] = [];
  readonly #runs: Map<unknown, Growing> = new Map();

  constructor() {
    this.handler = recordingHandler([], { name: "start_tree" }, (call) => this.#note(call));
  }

  #note([method, ...told]: Call): void {
    const start = STARTS[method];
    if (start !== undefined) return this.#start(told, start);
    if (!/^handle(Chain|LLM|Tool|Retriever)(End|Error)$/.test(method)) return;
    const run = this.#runs.get(told[1]);
    const isCancelled = (told[4] as { cancelled?: boolean } | undefined)?.cancelled === true;
    if (run !== undefined) run.closing = method.endsWith("Error") ? "error" : isCancelled ? "cancelled" : "end";
  }

  #start(told: readonly unknown[], [nameAt, ofKind]: readonly [number, string]): void {
    const [, , id, parent] = told;
    const type = ofKind === "chain" ? String(told[6] ?? "chain") : ofKind;
    const run: Growing = { id: String(id), name: String(told[nameAt]), type, closing: "open", below: [] };
    this.#runs.set(id, run);
    (this.#runs.get(parent)?.below ?? (this.roots as Growing[])).push(run);
  }
}
