import type { StreamEvent } from "../entries/index.ts";

/** A run, as its events tell of it. */
export interface RunNode {
  readonly name: string;
  /** What kind of run it is: `chain`, `chat model`, `parser`. */
  readonly kind: string;
  /** How many runs are around it. */
  readonly depth: number;
  readonly children: RunNode[];
  /** When its first event came, in milliseconds. */
  readonly startedAt: number;
  /** The pieces that it streamed. */
  readonly pieces: string[];
  /** How many milliseconds it took, once it is over. */
  took: number | undefined;
  /** What it failed with. */
  error: string | undefined;
}

/** What an event changed. */
export interface RunChange {
  readonly run: RunNode;
  readonly moment: "start" | "stream" | "end" | "error";
}

const EVENT_NAME = /^on_(.+)_(start|stream|end|error)$/;

/** Puts events back together into the runs that they tell of, each below the run that it is part of. */
export class RunTree {
  readonly #runs = new Map<string, RunNode>();
  #root: RunNode | undefined = undefined;

  /** When the first event came, in milliseconds. */
  get startedAt(): number {
    return this.#root?.startedAt ?? 0;
  }

  /** Every run, each before those below it, with whether it is the last of its siblings. */
  *rows(): Generator<{ readonly run: RunNode; readonly isLast: boolean }> {
    if (this.#root !== undefined) yield* rowsOf(this.#root, true);
  }

  /** Takes the next event; nothing changes for one that is of no run's life. @param now the time in milliseconds. */
  take(event: StreamEvent, now: number): RunChange | undefined {
    const parts = EVENT_NAME.exec(event.event);
    if (parts === null) return undefined;
    const run = this.#runs.get(event.run_id) ?? this.#add(event, parts[1] as string, now);
    const moment = parts[2] as RunChange["moment"];
    const data = event.data as { readonly chunk?: unknown; readonly error?: unknown };
    if (moment === "stream") run.pieces.push(textOf(data.chunk));
    if (moment === "end" || moment === "error") run.took = now - run.startedAt;
    if (moment === "error") run.error = data.error instanceof Error ? data.error.message : String(data.error);
    return { run, moment };
  }

  #add(event: StreamEvent, type: string, now: number): RunNode {
    // Forms without parent_ids have the root alone to hang a run on; it is always the first.
    const parent = this.#runs.get(event.parent_ids?.at(-1) ?? "") ?? this.#root;
    const run: RunNode = {
      name: event.name,
      kind: type.replace("_", " "),
      depth: parent === undefined ? 0 : parent.depth + 1,
      children: [],
      startedAt: now,
      pieces: [],
      took: undefined,
      error: undefined,
    };
    this.#runs.set(event.run_id, run);
    parent?.children.push(run);
    this.#root ??= run;
    return run;
  }
}

function* rowsOf(run: RunNode, isLast: boolean): Generator<{ readonly run: RunNode; readonly isLast: boolean }> {
  yield { run, isLast };
  for (const child of run.children) yield* rowsOf(child, child === run.children.at(-1));
}

/** The text of a chunk: of a message, a generation, or the string that it is. */
function textOf(chunk: unknown): string {
  if (typeof chunk === "string") return chunk;
  const text = (chunk as { readonly text?: unknown } | null | undefined)?.text;
  return typeof text === "string" ? text : (JSON.stringify(chunk) ?? "");
}
