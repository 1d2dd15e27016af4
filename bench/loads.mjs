/**
 * Heavy loads and the figures that they have to keep (time, memory, order), each run in a process of its own under a
 * ceiling for its heap. `npm run loads` measures them all; the tests check those that do not depend on the machine's speed.
 *
 * A load gives rows: what was measured, the most it may be, and whether it is a time.
 *
 * @typedef {{ figure: string, value: number, atMost: number, unit: string, isTime?: boolean }} Row
 * @typedef {{ name: string, ceilingMb: number, run(linnet: object): Promise<Row[]> }} Load
 */

const MEGABYTE = 1024 * 1024;

/** A prompt, a model that streams `pieces` chunks, and a parser. */
function makeChain(linnet, pieces) {
  const { AIMessageChunk, BaseChatModel, ChatGenerationChunk, ChatPromptTemplate, StringOutputParser } = linnet;
  class Talker extends BaseChatModel {
    _llmType() {
      return "talker";
    }

    async *_stream() {
      for (let piece = 0; piece < pieces; piece += 1) {
        yield new ChatGenerationChunk({ text: "word ", message: new AIMessageChunk("word ") });
      }
    }
  }
  const model = new Talker({});
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
      const { chain } = makeChain(linnet, 8);
      const runs = 3; // The sequence's, the model's and the parser's; the prompt's is one more and not counted.
      const handler = {
        name: "long_lived",
        seen: 0,
        handleChainStart() {
          this.seen += 1;
        },
        handleChainEnd() {
          this.seen += 1;
        },
        handleChainError() {
          this.seen += 1;
        },
        handleLLMNewToken() {
          this.seen += 1;
        },
        handleLLMEnd() {
          this.seen += 1;
        },
        handleLLMError() {
          this.seen += 1;
        },
      };
      const config = { callbacks: [handler] };
      const ways = {
        full: () => countItems(chain.astream({ text: "hello" }, config)),
        events: () => countItems(chain.streamEvents({ text: "hello" }, { ...config, version: "v2" })),
        broken: async () => {
          for await (const _item of chain.astream({ text: "hello" }, config)) break;
        },
        aborted: async () => {
          const controller = new AbortController();
          const stream = chain.astream({ text: "hello" }, { ...config, signal: controller.signal });
          await stream.next();
          controller.abort();
          await stream.next().catch(() => undefined);
        },
      };
      const rows = [];
      const calls = 1_000;
      for (const [figure, way] of Object.entries(ways)) {
        for (let call = 0; call < 200; call += 1) await way();
        const kept = await keptBy(async () => {
          for (let call = 0; call < calls; call += 1) await way();
        });
        rows.push({ figure, value: kept / calls / runs, atMost: 512, unit: "bytes" });
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
];
