import { AbortError } from "../../errors/abort-error.ts";
import { createAbortController } from "../../streams/abort-controller.ts";
import { expectThat } from "./conformance-error.ts";
import type { Rule } from "./rule.ts";
import { ToldTokens } from "./told-tokens.ts";
import { quoted, type Reply, type Trial, textOf } from "./trial.ts";

const FIX = "Leave invoke and stream to the base class, and hand options.signal to what hooks wait for.";

/** How calls end before their time, and how they stand each other. */
export const endingRules: readonly Rule[] = [
  {
    name: "an abort ends invoke",
    why: "A caller who loses interest must not go on paying.",
    async check(trial) {
      await expectAborted(
        trial,
        trial.model.invoke(trial.prompt, { signal: abortedSignal() }),
        "a call that is aborted from the start",
      );
      const controller = createAbortController();
      const calls = trial.hooks.started;
      let isOver = false;
      const call = trial.model.invoke(trial.prompt, { signal: controller.signal }).finally(() => {
        isOver = true;
      });
      call.catch(() => {}); // Heard below.
      await trial.waitUntil(() => isOver || trial.hooks.started > calls);
      controller.abort(new AbortError());
      // It may have answered already.
      await trial.within(call, "invoke to end after its abort").catch(expectAbortError);
      await trial.expectRelease("the abort of invoke");
    },
  },
  {
    name: "an abort ends a stream",
    why: "The same, in the midst of an answer.",
    async check(trial) {
      const controller = createAbortController();
      const chunks = await iteratorOf(trial, controller.signal);
      await chunks.next();
      const next = chunks.next();
      controller.abort(new AbortError());
      await expectEnd(trial, chunks, next);
      await trial.expectRelease("the abort of a stream");
    },
  },
  {
    name: "leaving a stream releases the provider",
    why: "A reader who breaks off would else leave a request open, and a model writing for nobody.",
    async check(trial) {
      const chunks = await iteratorOf(trial);
      await chunks.next();
      await trial.within(Promise.resolve(chunks.return?.()), "a stream to end when its reader leaves");
      const fix = "Write the hook as a generator, or give its iterator a return() that closes the request.";
      expectThat(!trial.hooks.cannotLeave, "an iterator with return() from the stream hook", "one without", fix);
      await trial.expectRelease("the reader's leaving");
    },
  },
  {
    name: "concurrent calls do not mix",
    why: "A server asks one model for many users at once.",
    async check(trial) {
      const prompts = ["First", "Second", "Third"].map((number) => `${number}, please: ${trial.prompt}`);
      const told = prompts.map(() => new ToldTokens());
      const streams = await Promise.all(
        prompts.map((prompt, place) => trial.model.stream(prompt, trial.options({ callbacks: [told[place]] }))),
      );
      const read = await readInTurn(streams);
      const replies = await Promise.all(prompts.map((prompt) => trial.ask(prompt)));
      const fix = "Keep what belongs to a call in variables of the hook, not in fields of the model.";
      for (const [place, prompt] of prompts.entries()) {
        const text = read[place] as string;
        const heard = told[place]?.text as string;
        const fits = !trial.streams || heard === text;
        expectThat(fits, `the tokens of stream ${place} to be ${quoted(text)}`, quoted(heard), fix);
        if (!trial.isDeterministic) continue;
        const alone = textOf(await trial.ask(prompt, {}, await trial.another()));
        for (const [verb, said] of [
          ["stream", text],
          ["invoke", textOf(replies[place] as Reply)],
        ] as const) {
          expectThat(said === alone, `${verb} ${place} to say ${quoted(alone)}, as it does alone`, quoted(said), fix);
        }
      }
    },
  },
];

function abortedSignal(): AbortSignal {
  const controller = createAbortController();
  controller.abort(new AbortError());
  return controller.signal;
}

async function iteratorOf(trial: Trial, signal?: AbortSignal): Promise<AsyncIterator<Reply>> {
  return (await trial.model.stream(trial.prompt, trial.options(signal && { signal })))[Symbol.asyncIterator]();
}

async function expectAborted(trial: Trial, call: Promise<unknown>, what: string): Promise<void> {
  let came = "an answer";
  await trial.within(call, `${what} to end`).catch((error) => {
    expectAbortError(error);
    came = "";
  });
  expectThat(came === "", `${what} to fail with the abort`, came, FIX);
}

function expectAbortError(error: unknown): void {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (name === "ConformanceError") throw error;
  expectThat(name === "AbortError", "an AbortError after an abort", `${String(name)}: ${String(message)}`, FIX);
}

/** Sees to it that an aborted stream ends, with at most the chunk that was under way. */
async function expectEnd(
  trial: Trial,
  chunks: AsyncIterator<Reply>,
  next: Promise<IteratorResult<Reply>>,
): Promise<void> {
  let more = 0;
  try {
    for (let read = next; more < 3 && !(await trial.within(read, "a stream to end after its abort")).done; ) {
      more += 1;
      read = chunks.next();
    }
  } catch (error) {
    return expectAbortError(error);
  }
  expectThat(more < 2, "no more than the chunk under way after an abort", `${more} or more`, FIX);
}

/** Reads one chunk of each stream, and again, until all have ended. */
async function readInTurn(streams: readonly AsyncIterable<Reply>[]): Promise<string[]> {
  const open = streams.map((stream, place) => ({ place, iterator: stream[Symbol.asyncIterator]() }));
  const texts = streams.map(() => "");
  while (open.length > 0) {
    for (const reader of [...open]) {
      const { value, done } = await reader.iterator.next();
      if (done) open.splice(open.indexOf(reader), 1);
      else texts[reader.place] += textOf(value);
    }
  }
  return texts;
}
