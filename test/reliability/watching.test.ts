import { afterEach, describe, expect, test } from "vitest";
import "../../src/runnables/log/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { QUEUE_LIMIT } from "../../src/streams/event-queue.ts";
import type { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { hastyForm } from "../helpers/laws/faulty-forms.ts";
import { type Form, forms } from "../helpers/laws/forms.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { Witness } from "../helpers/laws/witness.ts";
import type { TextStep } from "../helpers/laws/world.ts";
import { collectReports } from "../helpers/reports.ts";
import { settle } from "../helpers/timing.ts";
import { chainOf, type Script, WatchedModel } from "./helpers/watched-model.ts";

const rejections = watchRejections();
collectReports();

afterEach(async () => {
  await settle();
  expect(rejections.taken()).toEqual([]);
});

/** Ways in which a reader leaves a stream that it has read something of. */
const LEAVING: Record<string, (choir: Choir) => Promise<unknown>> = {
  "return()": (choir) => choir.stream.return(),
  "throw()": (choir) => choir.stream.throw(new Error("thrown")).catch(() => undefined),
  "cancel()": (choir) => choir.stream.cancel(),
  async break(choir) {
    for await (const _item of choir.stream) break;
  },
  async "await using"(choir) {
    await choir.stream[Symbol.asyncDispose]();
  },
  async "return() while a read waits"(choir) {
    const reading = choir.stream.next();
    await choir.stream.return();
    await reading;
  },
  async "the cancel of its web stream"(choir) {
    await choir.stream.toReadableStream().cancel();
  },
  async "the cancel of a web stream's reader"(choir) {
    const reader = choir.stream.getReader();
    await reader.read();
    await reader.cancel();
  },
  async "the cancel of a response's body"(choir) {
    // What a server does where its client has gone; the body of a response is bytes.
    const bytes = new TransformStream<unknown, Uint8Array>({
      transform: (item, controller) => controller.enqueue(item instanceof Uint8Array ? item : new Uint8Array(1)),
    });
    const { body } = new Response(choir.stream.pipeThrough(bytes, {}));
    await body?.cancel();
    await settle(5);
  },
  async "the cancel of a response that is made of it"(choir) {
    // Node's Response takes whatever can be iterated, and wants bytes when it is read.
    await new Response(choir.stream as unknown as BodyInit).body?.cancel();
  },
  async "an abort of its signal"(choir) {
    choir.controller.abort(new Error("enough"));
    let error: unknown;
    const items: unknown[] = [];
    // What happened before can still be read.
    for (let isOver = false; !isOver && error === undefined; ) {
      isOver = await choir.stream.next().then(
        ({ done, value }) => {
          if (done !== true) items.push(value);
          return done === true;
        },
        (thrown) => {
          error = thrown;
          return true;
        },
      );
    }
    expect(error ?? choir.form.failure?.(items)).toMatchObject({ message: "enough" });
  },
  async "an aborted pipe"(choir) {
    const controller = new AbortController();
    const piping = choir.stream.pipeTo(new WritableStream(), { signal: controller.signal }).catch(() => undefined);
    controller.abort();
    await piping;
  },
};

type Shape = "streams" | "invokes";

/** How a chain is run: drawn by its reader, or by a step that waits for its whole answer and whose tokens come by themselves. */
const SHAPES: Record<Shape, (chain: Runnable<string, string>) => Runnable<string, string>> = {
  streams: (chain) => chain,
  invokes: (chain) => RunnableLambda.from((text: string, config: RunnableConfig) => chain.invoke(text, config)),
};

/** Models in a map, each behind a prompt and before a parser, and what is known of their runs. */
class Choir {
  readonly controller: AbortController = new AbortController();
  readonly log: RunLog = new RunLog();
  readonly witness: Witness = new Witness();
  readonly form: Form;
  readonly models: readonly WatchedModel[];
  readonly stream: IterableReadableStream<unknown>;
  read: number = 0;

  constructor(form: Form, shape: Shape, voices: number, script: Script = {}) {
    this.form = form;
    this.models = Array.from({ length: voices }, () => new WatchedModel(script));
    const chains = this.models.map((model, voice) => [`voice ${voice}`, SHAPES[shape](chainOf(model))] as const);
    const chain = voices === 1 ? chains[0]?.[1] : RunnableMap.from(Object.fromEntries(chains));
    const config = { callbacks: [this.log.handler, this.witness as never], signal: this.controller.signal };
    this.stream = form.open(chain as unknown as TextStep, "x", config);
  }

  /** Tokens that the models made, and those of them that were told of. */
  get made(): number {
    return this.models.reduce((sum, { made }) => sum + made, 0);
  }

  get told(): number {
    return this.witness.told.filter(({ moment, run }) => moment === "stream" && run.kind === "chat_model").length;
  }

  /** What happened and was not read. */
  get queued(): number {
    return this.witness.told.length - this.read;
  }

  /** Runs that have a start and no closing. */
  get open(): number {
    return this.log.moments.reduce((sum, { moment }) => sum + (moment === "start" ? 1 : -1), 0);
  }

  async take(items: number): Promise<void> {
    for (let item = 0; item < items; item += 1) {
      await this.stream.next();
      this.read += 1;
    }
  }

  /** Reads all that comes of so many tokens. */
  async takeUntilMade(tokens: number): Promise<void> {
    while (this.made < tokens || this.queued > 0) {
      await this.take(1);
      await settle(2);
    }
  }

  /** Reads until every model has made something, and some more. */
  async begin(): Promise<void> {
    while (this.models.some(({ made }) => made === 0)) await this.take(1);
    await this.take(3 * this.models.length);
    await settle(20);
  }

  /** What is wrong once nobody reads any more. */
  async faults(): Promise<string[]> {
    const { made } = this;
    await settle(20);
    const faults = [...faultsOf(this.log), ...this.witness.faults()];
    if (this.made !== made) faults.push("tokens after the end");
    if (this.models.some(({ entered, left }) => entered !== left)) faults.push("a model that was not left");
    return faults;
  }
}

const CASES = (["streams", "invokes"] as const).flatMap((shape) =>
  [1, 5, 50].map((voices) => [shape, voices] as const),
);

/** How far ahead of a reader that stops after so many events its models get. */
async function stopAfter(items: number, choir: Choir): Promise<void> {
  await choir.take(items);
  await settle(100);
  const { made } = choir;
  await settle(50);
  expect(choir.made).toBe(made);
}

describe.each(forms)("events as $name", (form) => {
  describe.each(CASES)("of a chain that %s %i models side by side", (shape, voices) => {
    test.each([1, 3_000])(
      "L13: 20,000 tokens: after %i events a reader that stops is waited for at 64",
      async (items) => {
        const choir = new Choir(form, shape, voices, { chunks: 20_000 });
        await stopAfter(items, choir);
        // A run may put in one more before it waits.
        expect(choir.queued).toBeLessThanOrEqual(QUEUE_LIMIT + choir.open);
        expect(choir.made - choir.told).toBeLessThanOrEqual(2 * voices);
        await choir.stream.return();
        expect(await choir.faults()).toEqual([]);
      },
    );

    test.each(Object.entries(LEAVING))("L04: %s stops each model within one chunk", async (_way, leave) => {
      const choir = new Choir(form, shape, voices);
      await choir.begin();
      const { made } = choir;
      await leave(choir);
      expect(choir.made - made).toBeLessThanOrEqual(voices);
      expect(await choir.faults()).toEqual([]);
    });
  });
});

describe.each(forms)("events as $name", (form) => {
  /** What is shown to a reader that reads one by one, and from some place on so many at once. */
  async function shown(make: () => unknown, place: number, size: number): Promise<string[]> {
    const witness = new Witness();
    const stream = form.open(make() as TextStep, "x", { callbacks: [witness as never] });
    const items: unknown[] = [];
    for (let isOver = false; !isOver; ) {
      const reads = Array.from({ length: items.length < place ? 1 : size }, () => stream.next());
      for (const { value, done } of await Promise.all(reads)) {
        if (done) isOver = true;
        else items.push(value);
      }
      await settle(1);
    }
    expect(form.faults?.(items, false) ?? []).toEqual([]);
    const names = new Map(witness.told.map(({ run }) => [run.runId, run.runName]));
    return form.shown(items).map(({ moment, id }) => `${moment} ${names.get(id)}`);
  }

  // Of one step, the end is all that is left to be told at the end.
  const chains: readonly (() => unknown)[] = [
    () => chainOf(new WatchedModel({ chunks: 2, before: () => settle(1) })),
    () => RunnableLambda.from(async (text: string) => text),
  ];

  test.each([2, 3, 100])("are the same to a reader that has %i reads waiting", async (size) => {
    for (const make of chains) {
      const one = await shown(make, 0, 1);
      for (let place = 0; place < one.length + 1; place += 1) expect(await shown(make, place, size)).toEqual(one);
    }
  });
});

/** Ways to leave while a read waits for what never comes. */
const LEAVING_A_WAIT: Record<string, (stream: IterableReadableStream<unknown>) => Promise<unknown>> = {
  async "return()"(stream) {
    const reading = stream.next();
    await settle();
    await stream.return();
    expect(await reading).toEqual({ value: undefined, done: true });
  },
  async "the cancel of a web stream's reader"(stream) {
    const reader = stream.getReader();
    const reading = reader.read();
    await settle();
    await reader.cancel();
    expect(await reading).toEqual({ value: undefined, done: true });
  },
};

describe.each(forms)("events as $name", (form) => {
  test.each(Object.entries(LEAVING_A_WAIT))("L05: are left at once while a model hangs, by %s", async (_way, leave) => {
    for (const shape of ["streams", "invokes"] as const) {
      const choir = new Choir(form, shape, 1, { hangsAt: 2 });
      await choir.takeUntilMade(2);
      const start = performance.now();
      await leave(choir.stream);
      expect(performance.now() - start).toBeLessThan(1_000);
      await settle();
      expect(choir.models[0]?.signalled).toBe(1);
      expect(await choir.faults()).toEqual([]);
    }
  });
});

test("a form of events that waits for nobody gets further ahead", async () => {
  const choir = new Choir(hastyForm, "invokes", 1, { chunks: 20_000 });
  await choir.take(3);
  await settle(100);
  expect(choir.queued).toBeGreaterThan(2 * QUEUE_LIMIT);
  await choir.stream.return();
});
