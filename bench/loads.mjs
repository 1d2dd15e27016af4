/**
 * Heavy loads and the figures that they have to keep (time, memory, order), each run in a process of its own under a
 * ceiling for its heap. `npm run loads` measures them all; the tests check those that do not depend on the machine's speed.
 *
 * A load gives rows: what was measured, the most it may be, and whether it is a time. One that is `isByHand` takes too long for
 * the tests, which have a cheaper one of the same.
 *
 * @typedef {{ figure: string, value: number, atMost: number, unit: string, isTime?: boolean }} Row
 * @typedef {{ name: string, ceilingMb: number, entries?: string, isByHand?: boolean, run(linnet: object): Promise<Row[]> }} Load
 */

const MEGABYTE = 1024 * 1024;

/** A prompt, a model that streams `pieces` chunks, and a parser. @param failsAt the chunk in whose place it fails. */
function makeChain(linnet, pieces, failsAt) {
  const { AIMessageChunk, BaseChatModel, ChatGenerationChunk, ChatPromptTemplate, StringOutputParser } = linnet;
  class Talker extends BaseChatModel {
    _llmType() {
      return "talker";
    }

    async *_stream() {
      for (let piece = 0; piece < pieces; piece += 1) {
        if (piece === failsAt) throw new Error("the model broke");
        yield new ChatGenerationChunk({ text: "word ", message: new AIMessageChunk("word ") });
      }
    }
  }
  const model = new Talker({ maxRetries: 0 });
  const prompt = ChatPromptTemplate.fromMessages([["human", "{text}"]]);
  return { model, prompt, parser: new StringOutputParser(), chain: prompt.pipe(model).pipe(new StringOutputParser()) };
}

async function countItems(stream) {
  let items = 0;
  for await (const _item of stream) items += 1;
  return items;
}

/** Bytes of the heap that are still held, after the collector had its turns. */
async function heldBytes() {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().heapUsed;
}

/** Whether an event is a chunk of the whole chain. */
function isRootChunk({ event, name }) {
  return event === "on_chain_stream" && name === "RunnableSequence";
}

/** Bytes that `work` leaves behind. */
async function keptBy(work) {
  const before = await heldBytes();
  await work();
  return Math.max(0, (await heldBytes()) - before);
}

async function millisecondsOf(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function bestOf(rounds, work) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) times.push(await millisecondsOf(work));
  return Math.min(...times);
}

/** The ways in which a call of a chain can end, each with a config that is made for every call. */
function waysToEnd(linnet, configOf) {
  const { chain } = makeChain(linnet, 8);
  const failing = makeChain(linnet, 8, 4).chain;
  const input = { text: "hello" };
  return {
    full: () => countItems(chain.astream(input, configOf())),
    events: () => countItems(chain.streamEvents(input, { ...configOf(), version: "v2" })),
    failed: () => countItems(failing.astream(input, configOf())).catch(() => undefined),
    broken: async () => {
      for await (const _item of chain.astream(input, configOf())) break;
    },
    aborted: async () => {
      const controller = new AbortController();
      const stream = chain.astream(input, { ...configOf(), signal: controller.signal });
      await stream.next();
      controller.abort();
      await stream.next().catch(() => undefined);
    },
  };
}

/** Bytes kept for each run, by the way in which it ended; at most half a kilobyte. @param mark what the figures begin with. */
async function keptPerRun(linnet, configOf, mark = "") {
  const runs = 3; // The sequence's, the model's and the parser's; the prompt's is one more and not counted.
  const calls = 1_000;
  const rows = [];
  for (const [figure, way] of Object.entries(waysToEnd(linnet, configOf))) {
    for (let call = 0; call < 200; call += 1) await way();
    const kept = await keptBy(async () => {
      for (let call = 0; call < calls; call += 1) await way();
    });
    rows.push({ figure: mark + figure, value: kept / calls / runs, atMost: 512, unit: "bytes" });
  }
  return rows;
}

/** A tracer of each kind, as a program would have it for all its life. */
function makeTracers(linnet) {
  const write = () => {};
  class Tracer extends linnet.BaseTracer {
    name = "tracer";
    persistRun() {}
  }
  return {
    BaseTracer: new Tracer(),
    "BaseTracer with chunks": new Tracer({ keepChunks: true }),
    "BaseTracer in the background": new Tracer({ awaitHandlers: false }),
    RootListenersTracer: new linnet.RootListenersTracer({ onStart: write, onEnd: write, onError: write }),
    // What it is for is to keep runs; with a limit, no more than that.
    "RunCollector of 100": new linnet.RunCollectorCallbackHandler({ maxRuns: 100 }),
    UsageMetadata: new linnet.UsageMetadataCallbackHandler(),
    JsonlTracer: new linnet.JsonlTracer({ write }),
    Console: new linnet.ConsoleCallbackHandler({ write }),
  };
}

/** @type {Load[]} */
export const loads = [
  {
    name: "10,000 streams at once",
    ceilingMb: 512,
    async run(linnet) {
      const { chain } = makeChain(linnet, 20);
      let items = 0;
      const load = async () => {
        const streams = Array.from({ length: 10_000 }, () => countItems(chain.astream({ text: "hello" })));
        for (const count of await Promise.all(streams)) items += count;
      };
      await load();
      items = 0;
      let time = 0;
      const kept = await keptBy(async () => {
        time = await millisecondsOf(load);
      });
      return [
        { figure: "chunks that did not arrive", value: 200_000 - items, atMost: 0, unit: "" },
        { figure: "kept afterwards", value: kept / MEGABYTE, atMost: 5, unit: "MB" },
        { figure: "time", value: time / 1000, atMost: 1.5, unit: "s", isTime: true },
      ];
    },
  },
  {
    name: "1,000,000 chunks through a model and a parser",
    ceilingMb: 256,
    async run(linnet) {
      const { model, parser } = makeChain(linnet, 1_000_000);
      const chain = model.pipe(parser);
      const warm = makeChain(linnet, 20_000);
      await countItems(warm.model.pipe(warm.parser).astream("hello"));
      const before = await heldBytes();
      let most = 0;
      let items = 0;
      const time = await millisecondsOf(async () => {
        for await (const _item of chain.astream("hello")) {
          items += 1;
          if (items % 250_000 === 0) {
            globalThis.gc();
            most = Math.max(most, process.memoryUsage().heapUsed - before);
          }
        }
      });
      return [
        { figure: "chunks that did not arrive", value: 1_000_000 - items, atMost: 0, unit: "" },
        { figure: "held on the way", value: most / MEGABYTE, atMost: 2, unit: "MB" },
        { figure: "time per chunk", value: time / 1000, atMost: 1, unit: "us", isTime: true },
      ];
    },
  },
  {
    name: "batch of 100,000 through two steps, 100 at once",
    ceilingMb: 512,
    async run(linnet) {
      let inFlight = 0;
      let most = 0;
      const first = linnet.RunnableLambda.from(async (input) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await null;
        return input + 1;
      });
      const second = linnet.RunnableLambda.from(async (input) => {
        await null;
        inFlight -= 1;
        return input * 2;
      });
      const chain = first.pipe(second);
      const inputs = Array.from({ length: 100_000 }, (_, index) => index);
      let outputs = [];
      const load = async () => {
        outputs = await chain.batch(inputs, { maxConcurrency: 100 });
      };
      const time = await bestOf(3, load);
      const misplaced = outputs.filter((output, index) => output !== (index + 1) * 2).length;
      return [
        { figure: "outputs out of place", value: misplaced + (100_000 - outputs.length), atMost: 0, unit: "" },
        { figure: "in flight at once", value: most, atMost: 100, unit: "" },
        { figure: "time", value: time / 1000, atMost: 0.3, unit: "s", isTime: true },
      ];
    },
  },
  {
    name: "kept per run, with a long-lived handler",
    ceilingMb: 512,
    async run(linnet) {
      const handler = { name: "long_lived", seen: 0 };
      for (const moment of ["Start", "End", "Error"]) {
        handler[`handleChain${moment}`] = handler[`handleLLM${moment}`] = function () {
          this.seen += 1;
        };
      }
      handler.handleLLMNewToken = handler.handleLLMEnd;
      return keptPerRun(linnet, () => ({ callbacks: [handler] }));
    },
  },
  {
    name: "kept per run, with a long-lived tracer",
    ceilingMb: 512,
    isByHand: true,
    entries: "index,tracers",
    async run(linnet) {
      const rows = [];
      for (const [name, tracer] of Object.entries(makeTracers(linnet))) {
        rows.push(...(await keptPerRun(linnet, () => ({ callbacks: [tracer] }), `${name}: `)));
        await tracer.flush?.();
      }
      return rows;
    },
  },
  {
    name: "20,000 tokens to readers of events that stop",
    ceilingMb: 256,
    async run(linnet) {
      const { chain } = makeChain(linnet, 20_000);
      const input = { text: "hello" };
      const encoding = "text/event-stream";
      const forms = {
        v1: () => chain.streamEvents(input, { version: "v1" }),
        v2: () => chain.streamEvents(input, { version: "v2" }),
        default: () => chain.streamEvents(input, {}),
        encoded: () => chain.streamEvents(input, { version: "v2", encoding }),
        log: () => chain.streamLog(input),
        "of an invoke": () =>
          linnet.RunnableLambda.from((text, config) => chain.invoke(text, config)).streamEvents(input),
      };
      const readers = 20;
      const rows = [];
      for (const [figure, open] of Object.entries(forms)) {
        let streams = [];
        const stop = async () => {
          streams = Array.from({ length: readers }, open);
          for (const stream of streams) for (let item = 0; item < 500; item += 1) await stream.next();
        };
        const leave = async () => {
          for (const stream of streams) await stream.return();
          streams = [];
        };
        await stop();
        await leave();
        const held = await keptBy(stop);
        rows.push({ figure: `held for each: ${figure}`, value: held / readers / 1024, atMost: 256, unit: "KB" });
        await leave();
      }
      return rows;
    },
  },
  {
    name: "10,000 open streams that have given one chunk",
    ceilingMb: 512,
    async run(linnet) {
      const { chain } = makeChain(linnet, 20);
      const input = { text: "hello" };
      const hear = () => {};
      const handler = { name: "hearing", handleChainStart: hear, handleChainEnd: hear, handleLLMNewToken: hear };
      const forms = [
        ["unobserved", 4, () => chain.stream(input)],
        ["with a handler", 8, () => chain.stream(input, { callbacks: [handler] })],
        ["as events", 10, () => chain.streamEvents(input, { version: "v2" }), isRootChunk],
      ];
      const count = 10_000;
      const rows = [];
      for (const [figure, atMost, open, isChunk = () => true] of forms) {
        const streams = [];
        const openOne = async () => {
          const stream = await open();
          while (!isChunk((await stream.next()).value));
          streams.push(stream);
        };
        const leave = async () => {
          for (const stream of streams.splice(0)) await stream.return();
        };
        for (let stream = 0; stream < 1_000; stream += 1) await openOne();
        await leave();
        const held = await keptBy(async () => {
          for (let stream = 0; stream < count; stream += 1) await openOne();
        });
        rows.push({ figure: `held for each: ${figure}`, value: held / count / 1024, atMost, unit: "KB" });
        await leave();
      }
      return rows;
    },
  },
  {
    name: "2,000 steps piped",
    ceilingMb: 512,
    async run(linnet) {
      let chain = linnet.RunnableLambda.from((input) => input + 1);
      const first = chain;
      for (let step = 1; step < 2_000; step += 1) chain = chain.pipe(first);
      let sum = 0;
      const time = await bestOf(3, async () => {
        sum = await chain.invoke(0);
        for await (const item of chain.astream(0)) sum += item;
      });
      return [
        { figure: "steps that were left out", value: 4_000 - sum, atMost: 0, unit: "" },
        { figure: "time of invoke and stream", value: time, atMost: 200, unit: "ms", isTime: true },
      ];
    },
  },
  {
    name: "75 kB of JSON in 6,400 pieces",
    ceilingMb: 256,
    async run(linnet) {
      // What is hardest to show on the way: nothing in it is complete before the end.
      const fields = Array.from({ length: 5_200 }, (_, at) => `"key${at}":${at}`);
      const json = `{${fields.join(",")}}`;
      const pieces = json.match(/.{1,12}/g);
      const rows = [];
      for (const diff of [false, true]) {
        const what = diff ? "patches" : "values";
        let given;
        const time = await bestOf(7, async () => {
          given = [];
          for await (const item of new linnet.JsonOutputParser({ diff }).transform(pieces)) given.push(item);
        });
        const value = diff ? linnet.applyJsonPatch(undefined, given.flat()) : given.at(-1);
        rows.push(
          {
            figure: `last of the ${what} is not the whole`,
            value: Number(JSON.stringify(value) !== json),
            atMost: 0,
            unit: "",
          },
          {
            figure: `pieces without ${what}`,
            value: pieces.length - given.length,
            atMost: diff ? 400 : pieces.length - 100,
            unit: "",
          },
          { figure: `time of the ${what}`, value: time, atMost: 60, unit: "ms", isTime: true },
        );
      }
      return rows;
    },
  },
];
