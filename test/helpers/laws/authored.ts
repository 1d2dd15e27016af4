import fc from "fast-check";
import { CallbackManager } from "../../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../../src/callbacks/dispatch.ts";
import { newRunId } from "../../../src/callbacks/run-id.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";
import { type Program, type StepKind, stepKind } from "./kind.ts";
import { listening, refuseX, textOf } from "./leaves.ts";

/** Tells of something that its author chooses, in the middle of its work. */
const telling = stepKind<{ listens: boolean }>({
  name: "telling",
  gives: "text",
  draw: ({ domain }) => ({ listens: listening(domain) }),
  build: ({ listens }, { world }) => {
    const place = world.newPlace();
    return RunnableLambda.from(
      async (input: string, config: RunnableConfig) => {
        await dispatchCustomEvent("note", textOf(input), config);
        await world.act(place, listens ? config.signal : undefined);
        await dispatchCustomEvent("done", textOf(input), config);
        return textOf(input);
      },
      { name: "telling" },
    );
  },
});

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["laws", "Tool"] };

/** Work that an author has told of as a tool's run, or a retriever's, by the manager. */
const managed = stepKind<{ as: "tool" | "retriever"; listens: boolean }>({
  name: "managed",
  gives: "text",
  draw: ({ domain }) => ({ as: fc.constantFrom("tool", "retriever"), listens: listening(domain) }),
  build: ({ as, listens }, { world }) => {
    const place = world.newPlace();
    return RunnableLambda.from(
      async (input: string, { callbacks, signal }: RunnableConfig) => {
        const manager = CallbackManager.configure(callbacks) as CallbackManager | undefined;
        const text = textOf(input);
        const run = await (as === "tool"
          ? manager?.handleToolStart(SERIALIZED, text)
          : manager?.handleRetrieverStart(SERIALIZED, text));
        try {
          await world.act(place, listens ? signal : undefined);
          refuseX(text);
        } catch (error) {
          await run?.fail(error as Error);
          throw error;
        }
        await run?.end((as === "tool" ? text : []) as never);
        return text;
      },
      { name: "managed" },
    );
  },
});

/** Reads another step as events, inside a run that may be read as events itself. */
const watched = stepKind<{ of: Program; version: "v1" | "v2" | undefined }>({
  name: "watched",
  gives: "text",
  traits: ["late"],
  draw: ({ text }) => ({ of: text, version: fc.constantFrom("v1", "v2", undefined) }),
  build: ({ of, version }, { text }) => {
    const inner = text(of);
    return RunnableLambda.from<string, string>(
      async function* (input: string, config: RunnableConfig) {
        const runId = newRunId();
        // A root may have no run of its own, and then nothing is told of its chunks.
        yield "~";
        for await (const { event, run_id, data } of inner.streamEvents(textOf(input), { ...config, runId, version })) {
          const isChunk = run_id === runId && event.endsWith("_stream");
          if (isChunk) yield textOf((data as { readonly chunk: unknown }).chunk);
        }
      },
      { name: "watched" },
    );
  },
});

/** Steps whose authors tell of more than the framework does. */
export const authored: readonly StepKind[] = [telling, managed, watched];
