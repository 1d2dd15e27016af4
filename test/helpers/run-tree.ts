import type { CallbackHandler } from "../../src/callbacks/handler.ts";

/** What a handler is told of runs, as lines indented by parent: starts with tags and class, ends with output, errors. */
export interface RunTree {
  readonly lines: string[];
  /** The ids in the order of the starts. */
  readonly ids: string[];
  readonly handler: CallbackHandler;
}

/** A handler that writes the runs down as a tree. */
export function runTree(): RunTree {
  const lines: string[] = [];
  const ids: string[] = [];
  const known = new Map<string, { readonly indent: string; readonly name: string }>();
  const close = (moment: string, what: unknown, id: string): void => {
    const run = known.get(id);
    lines.push(`${run?.indent}${moment} ${run?.name} ${what}`);
  };
  const handler = {
    handleChainStart(
      serialized: { readonly id: readonly string[] },
      _inputs: unknown,
      id: string,
      parent: string | undefined,
      tags: readonly string[],
      _metadata: unknown,
      _type: unknown,
      name: string,
    ): void {
      const indent = parent === undefined ? "" : `${known.get(parent)?.indent}  `;
      known.set(id, { indent, name });
      ids.push(id);
      lines.push(`${indent}start ${name} [${tags.join(",")}] (${serialized.id.at(-1)})`);
    },
    handleChainEnd: (outputs: Record<string, unknown>, id: string): void => {
      close("end", "output" in outputs ? outputs.output : JSON.stringify(outputs), id);
    },
    handleChainError: (error: Error, id: string): void => close("error", error.message, id),
  };
  return { lines, ids, handler: handler as unknown as CallbackHandler };
}
