import type { CallbackHandler, CallbackHandlerFlags, CallbackHandlerMethods } from "../../src/callbacks/handler.ts";

/** One call of a handler's method: its name, and all it was told. */
export type Call = readonly [method: string, ...told: unknown[]];

/** Every method that a handler may have. */
export const METHODS: readonly (keyof CallbackHandlerMethods)[] = [
  "handleChainStart",
  "handleChainEnd",
  "handleChainError",
  "handleLLMStart",
  "handleChatModelStart",
  "handleLLMNewToken",
  "handleChatModelStreamEvent",
  "handleLLMEnd",
  "handleLLMError",
  "handleToolStart",
  "handleToolEnd",
  "handleToolError",
  "handleToolEvent",
  "handleRetrieverStart",
  "handleRetrieverEnd",
  "handleRetrieverError",
  "handleAgentAction",
  "handleAgentEnd",
  "handleText",
  "handleCustomEvent",
];

/** A handler of every method, which writes down all its calls. */
export function recordingHandler(
  calls: Call[],
  flags: CallbackHandlerFlags & Partial<CallbackHandler> = {},
  onCall: (call: Call) => unknown = () => undefined,
): CallbackHandler {
  const handler: CallbackHandler = { name: "recorder", ...flags };
  for (const method of METHODS) {
    Object.assign(handler, {
      [method]: (...told: unknown[]): unknown => {
        const call: Call = [method, ...told];
        calls.push(call);
        return onCall(call);
      },
    });
  }
  return handler;
}

/** The life of every run that a handler of its own is told of, by name, in order. */
export class RunLog {
  /** Such as `start chain`, `end chain`; models, tools and retrievers alike. */
  readonly lines: string[] = [];
  /** Every start and closing, in order. */
  readonly moments: {
    readonly moment: "start" | "end" | "error";
    readonly id: string;
    readonly parent: string | undefined;
  }[] = [];
  readonly handler: CallbackHandler;
  readonly #names: Map<string, string> = new Map();

  constructor(onMoment: (line: string) => unknown = () => undefined) {
    const calls: Call[] = [];
    this.handler = recordingHandler(calls, { name: "run_log" }, (call) => {
      const line = this.#line(call);
      if (line === undefined) return undefined;
      this.lines.push(line);
      return onMoment(line);
    });
  }

  #line([method, ...told]: Call): string | undefined {
    const moment = /^handle(?:ChatModel|[A-Z][A-Za-z]*?)(Start|End|Error)$/.exec(method)?.[1]?.toLowerCase();
    if (moment === undefined || method.startsWith("handleAgent")) return undefined;
    const isStart = moment === "start";
    const [id, parent] = (isStart ? [told[2], told[3]] : [told[1], told[2]]) as [string, string | undefined];
    this.moments.push({ moment: moment as "start" | "end" | "error", id, parent });
    if (isStart) this.#names.set(id, nameOf(method, told));
    return `${moment} ${this.#names.get(id)}`;
  }
}

function nameOf(method: string, told: readonly unknown[]): string {
  const place = method === "handleToolStart" || method === "handleRetrieverStart" ? 6 : 7;
  return String(told[place]);
}

/** What breaks the laws of a run tree in a log: each run closed once, children inside their parents. Empty where nothing does. */
export function faultsOf(log: RunLog): string[] {
  const faults: string[] = [];
  const open = new Map<string, string | undefined>();
  const closed = new Set<string>();
  for (const { moment, id, parent } of log.moments) {
    if (moment === "start") {
      if (open.has(id) || closed.has(id)) faults.push(`${id} started twice`);
      if (parent !== undefined && !open.has(parent)) faults.push(`${id} started outside its parent`);
      open.set(id, parent);
      continue;
    }
    if (closed.has(id)) faults.push(`${id} closed twice`);
    else if (!open.has(id)) faults.push(`${id} closed without a start`);
    for (const [child, parentOfChild] of open) if (parentOfChild === id) faults.push(`${child} outlives its parent`);
    open.delete(id);
    closed.add(id);
  }
  for (const id of open.keys()) faults.push(`${id} never closed`);
  return faults;
}
