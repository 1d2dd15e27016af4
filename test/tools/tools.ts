import type { RunObserver } from "../../src/callbacks/run-observer.ts";
import type { ToolCall } from "../../src/messages/tool-call.ts";
import type { SerializableSchema, StandardSchemaV1 } from "../../src/schema/standard-schema.ts";

/** A model's call of a tool. */
export function callOf(
  name: string,
  args: Record<string, unknown> = {},
  id: string = "call-1",
): ToolCall & { id: string } {
  return { type: "tool_call", name, args, id };
}

/** A schema as a library makes it: of `{ a: number, b?: number }`, where `b` is 3 by default. */
export const NUMBERS: SerializableSchema<{ a: number; b?: number | undefined }, { a: number; b: number }> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const { a, b = 3 } = (value ?? {}) as { a?: unknown; b?: number };
      if (typeof a !== "number") return { issues: [{ message: "expected a number", path: ["a"] }] };
      return { value: { a, b } };
    },
    jsonSchema: { input: () => NUMBERS_JSON, output: () => ({ ...NUMBERS_JSON, required: ["a", "b"] }) },
  },
};

/** What models are shown of it. */
export const NUMBERS_JSON = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { a: { type: "number" }, b: { type: "number", default: 3 } },
  required: ["a"],
};

/** A schema of a text, which gives it trimmed. */
export const TEXT: SerializableSchema<string, string> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "string" && value.length < 10 ? { value: value.trim() } : { issues: [{ message: "too long" }] },
    jsonSchema: { input: () => ({ $schema: "x", type: "string" }), output: () => ({ type: "string" }) },
  },
};

/** A schema that takes anything, as it is, after a while. */
export const LATER: StandardSchemaV1<Record<string, unknown>> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: async (value) => ({ value: value as Record<string, unknown> }),
  },
};

/** An observer that writes down what it is told, in short. */
export function noting(lines: string[]): RunObserver {
  const shown = (value: unknown): string => (value instanceof Error ? value.message : JSON.stringify(value));
  const note = (line: string): undefined => void lines.push(line);
  return {
    "~observer": true,
    runStarted: (run) => note(`start ${run.kind} ${run.runName} ${shown(run.input)}`),
    runStreamed: (run, chunk) => note(`chunk ${run.runName} ${shown(chunk)}`),
    runEnded: (run, output) => note(`end ${run.runName} ${shown(output)}`),
    runFailed: (run, error) => note(`error ${run.runName} ${shown(error)}`),
    customEvent: () => undefined,
  };
}
