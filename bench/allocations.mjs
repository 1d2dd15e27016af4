/**
 * The fixed workload whose allocations are counted: see scripts/check-allocations.mjs. It shares nothing with the benches,
 * so that a change of theirs does not look like a change of the library.
 */

const TOKENS = 100;
const PIECES = 100;
const WORDS = ["The ", "quick ", "brown ", "finch ", "sings ", "to ", "the ", "lazy ", "parrot. "];
const QUESTION = "Tell me of finches.";
const INPUT = { topic: "finches", tone: "kind" };
const BARE = "the model's chunks read bare, per token";

/**
 * What is counted.
 *
 * @param {Record<string, any>} library the public names of linnet.
 * @returns {{ name: string, per: number, over?: string, prepare: () => () => unknown }[]} `prepare` makes the work, outside
 *   of what is counted; the work may give a promise. `per` is how many operations one run of the work has. What the row
 *   named in `over` takes per operation is not this row's.
 */
export function workload(library) {
  return [...calls(library), ...streams(library), ...sums(library)];
}

function calls(library) {
  const { JsonOutputParser, RunnableLambda, RunnableMap } = library;
  const chain = () => chainOf(library, answeringModel(library));
  const addOne = () => RunnableLambda.from((number) => number + 1);
  return [
    row("model.invoke", () => {
      const model = answeringModel(library);
      return () => model.invoke(QUESTION);
    }),
    row("prompt, model, parser: invoke", () => {
      const whole = chain();
      return () => whole.invoke(INPUT);
    }),
    row("prompt, model, parser: invoke with one handler", () => {
      const whole = chain();
      const config = { callbacks: [countingHandler()] };
      return () => whole.invoke(INPUT, config);
    }),
    row("three lambdas: invoke", () => {
      const three = addOne().pipe(addOne()).pipe(addOne());
      return () => three.invoke(1);
    }),
    row("map of three: invoke", () => {
      const map = RunnableMap.from({ a: addOne(), b: addOne(), c: addOne() });
      return () => map.invoke(1);
    }),
    row(
      "batch of 100, per item",
      () => {
        const three = addOne().pipe(addOne()).pipe(addOne());
        const inputs = Array.from({ length: 100 }, (_, place) => place);
        return () => three.batch(inputs);
      },
      100,
    ),
    row("chat prompt: formatMessages", () => {
      const prompt = chatPrompt(library);
      return () => prompt.formatMessages(INPUT);
    }),
    row(
      "JSON parser: transform, per piece",
      () => {
        const parser = new JsonOutputParser();
        const pieces = jsonPieces();
        return () => readAll(parser.transform(each(pieces), {}));
      },
      PIECES,
    ),
  ];
}

function streams(library) {
  const streamed = (open) => () => {
    const model = streamingModel(library);
    const chain = chainOf(library, model);
    return async () => readAll(await open(chain, model));
  };
  const observed = { callbacks: [countingHandler()] };
  const perToken = (name, open) => ({ ...row(`${name}, per token`, streamed(open), TOKENS), over: BARE });
  return [
    row(
      BARE,
      streamed((_chain, model) => model._streamResponseChunks([], {}, undefined)),
      TOKENS,
    ),
    perToken("model.stream", (_chain, model) => model.stream(QUESTION)),
    perToken("chain stream", (chain) => chain.stream(INPUT)),
    perToken("chain stream with one handler", (chain) => chain.stream(INPUT, observed)),
    perToken("streamEvents v2", (chain) => chain.streamEvents(INPUT, { version: "v2" })),
    perToken("default events", (chain) => chain.streamEvents(INPUT)),
    row("a stream opened and left", () => {
      const chain = chainOf(library, streamingModel(library));
      return async () => {
        const stream = await chain.stream(INPUT);
        await stream.return();
      };
    }),
  ];
}

function sums({ AIMessageChunk, concatAll }) {
  const summed = (name, fieldsAt, sum) =>
    row(
      `${name}, per chunk`,
      () => {
        const chunks = Array.from({ length: PIECES }, (_, place) => new AIMessageChunk(fieldsAt(place)));
        return () => readSum(sum(chunks));
      },
      PIECES,
    );
  const fold = (chunks) => chunks.reduce((left, right) => left.concat(right));
  return [
    summed("concat: text", textFields, fold),
    summed("concat: a tool call and usage", toolFields, fold),
    summed("accumulator: text", textFields, concatAll),
    summed("accumulator: a tool call and usage", toolFields, concatAll),
  ];
}

const row = (name, prepare, per = 1) => ({ name, per, prepare });

/** A chat model that answers at once. */
function answeringModel({ AIMessage, BaseChatModel }) {
  class AnsweringModel extends BaseChatModel {
    _llmType() {
      return "answering";
    }

    async _generate() {
      return { generations: [{ text: "Finches sing.", message: new AIMessage("Finches sing.") }] };
    }
  }
  return new AnsweringModel({});
}

/** A chat model that streams without a wait, and reports each token as the peer's authors do. */
function streamingModel({ AIMessageChunk, BaseChatModel, ChatGenerationChunk }) {
  class StreamingModel extends BaseChatModel {
    _llmType() {
      return "streaming";
    }

    async *_streamResponseChunks(_messages, _options, runManager) {
      for (let place = 0; place < TOKENS; place += 1) {
        const text = WORDS[place % WORDS.length];
        const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) });
        await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
        yield chunk;
      }
    }
  }
  return new StreamingModel({});
}

function chatPrompt({ ChatPromptTemplate }) {
  return ChatPromptTemplate.fromMessages([
    ["system", "You are a {tone} ornithologist."],
    ["human", "Tell me of {topic}."],
  ]);
}

function chainOf(library, model) {
  return chatPrompt(library).pipe(model).pipe(new library.StringOutputParser());
}

/** A handler that hears of every kind of run, and returns nothing. */
function countingHandler() {
  let heard = 0;
  const hear = () => {
    heard += 1;
  };
  return {
    name: "counting",
    handleChainStart: hear,
    handleChainEnd: hear,
    handleChatModelStart: hear,
    handleLLMNewToken: hear,
    handleLLMEnd: hear,
    heard: () => heard,
  };
}

const textFields = (place) => ({ content: WORDS[place % WORDS.length] });

/** One tool call, its arguments in pieces, then usage. */
function toolFields(place) {
  const last = PIECES - 1;
  if (place === last)
    return { content: "", usage_metadata: { input_tokens: 20, output_tokens: 80, total_tokens: 100 } };
  if (place === 0) {
    const first = { type: "tool_call_chunk", name: "write_file", id: "call_1", index: 0, args: '{"lines":["' };
    return { content: "", tool_call_chunks: [first] };
  }
  const args = place === last - 1 ? '"]}' : `line ${place % 10}", "`;
  return { content: "", tool_call_chunks: [{ type: "tool_call_chunk", index: 0, args }] };
}

/** The text of one JSON object, in pieces that cut keys, strings and numbers. */
function jsonPieces() {
  const birds = Array.from({ length: 20 }, (_, place) => ({ name: `finch ${place}`, songs: place, sings: true }));
  const text = JSON.stringify({ birds });
  const length = Math.ceil(text.length / PIECES);
  return Array.from({ length: PIECES }, (_, place) => text.slice(place * length, (place + 1) * length));
}

/** Asks for what a sum may put together only when it is asked. */
function readSum(message) {
  return message.content.charCodeAt(message.content.length >> 1) + message.tool_calls.length;
}

async function* each(items) {
  yield* items;
}

async function readAll(stream) {
  let items = 0;
  for await (const _item of stream) items += 1;
  return items;
}
