import type { CallbackHandler } from "../../../src/callbacks/handler.ts";
import { type Call, recordingHandler } from "../handlers.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A run as a handler was told of it: what it was told, in order, and the runs inside, in no order. */
interface ToldRun {
  readonly told: string[];
  readonly inside: ToldRun[];
}

/** All that a handler was told. */
export class ToldLog {
  readonly handler: CallbackHandler;
  readonly calls: Call[] = [];

  constructor() {
    this.handler = recordingHandler(this.calls);
  }

  /** The calls as text, in order, with the ids of runs in order of appearance. */
  get lines(): string[] {
    const numbers = new Map<string, number>();
    const number = (id: string): string => {
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      return `#${numbers.get(id)}`;
    };
    return this.calls.map((call) => shown(call).replace(UUID, number));
  }

  /** The same as a tree of runs, which does not depend on what happens first of what happens side by side. */
  get tree(): unknown {
    const runs = new Map<unknown, ToldRun>();
    const roots: ToldRun[] = [];
    for (const call of this.calls) {
      const { id, parent } = idsOf(call);
      let run = runs.get(id);
      if (run === undefined) {
        run = { told: [], inside: [] };
        runs.set(id, run);
        (runs.get(parent)?.inside ?? roots).push(run);
      }
      run.told.push(shown(call).replace(UUID, "#"));
    }
    return roots.map(sorted);
  }
}

/** Where a handler's method is told of the run and of the one around it. */
function idsOf([method, ...told]: Call): { id: unknown; parent: unknown } {
  const place = method.endsWith("Start") || method === "handleLLMNewToken" || method === "handleCustomEvent" ? 2 : 1;
  return { id: told[place], parent: told[place + 1] };
}

function sorted(run: ToldRun): unknown {
  const inside = run.inside.map((one) => JSON.stringify(sorted(one))).sort();
  return { told: run.told, inside: inside.map((one) => JSON.parse(one) as unknown) };
}

/**
 * A call as text. Keys are put in order, since a stream of a map gives them as they come, and so are tags: where an async
 * context is installed, those that are inherited by it come first.
 */
function shown(call: Call): string {
  return JSON.stringify(call, (_key, value: unknown) => {
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (value === undefined) return "undefined";
    if (Array.isArray(value)) return value.every((item) => typeof item === "string") ? [...value].sort() : value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
