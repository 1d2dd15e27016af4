/** Streams, per token. The limit is the model's own generator, building the same chunks, read bare. */
import { sdkModel } from "../sdk-model.mjs";

// Loaded once for each library, as this module is: an engine learns from what a function has seen.
const parts = await import(`../parts.mjs${new URL(import.meta.url).search}`);
const { bareTokens, chainOf, input, readAll, streamingModel } = parts;

const TOKENS = 1_000;
const TOKENS_TOGETHER = 20;

const question = "Tell me of finches.";
const bare = (library) => {
  const open = bareTokens(library, TOKENS);
  return () => readAll(open());
};

const row = (name, open, more) => ({
  name,
  per: TOKENS,
  isAsync: true,
  bare,
  prepare: (library) => {
    const model = streamingModel(library, TOKENS);
    const chain = chainOf(library, model);
    return async () => readAll(await open({ model, chain, library }));
  },
  ...more,
});

const sdkStream = ({ streamText }) => {
  const model = sdkModel(TOKENS);
  return () => readAll(streamText({ model, prompt: question }).textStream);
};

/** Many streams at once, each of 20 tokens. */
const together = (count, more) => {
  const readTogether = (open) => () => Promise.all(Array.from({ length: count }, async () => readAll(await open())));
  return row(`${count.toLocaleString("en")} streams at once, per token`, undefined, {
    per: count * TOKENS_TOGETHER,
    prepare: (library) => {
      const chain = chainOf(library, streamingModel(library, TOKENS_TOGETHER));
      return readTogether(() => chain.stream(input));
    },
    bare: (library) => readTogether(bareTokens(library, TOKENS_TOGETHER)),
    ...more,
  });
};

export const rows = [
  row("model.stream, per token", ({ model }) => model.stream(question), { sdk: sdkStream, atLeast: 18 }),
  row("chain stream, per token", ({ chain }) => chain.stream(input), { sdk: sdkStream, atLeast: 35, atMostBare: 2 }),
  row("streamEvents v2, per token", ({ chain }) => chain.streamEvents(input, { version: "v2" }), { atLeast: 22 }),
  row("streamEvents by default (peer: v2), per token", ({ chain, library }) =>
    // The peer's chains have no form without a version.
    chain.streamEvents(input, library.LinnetError === undefined ? { version: "v2" } : {}),
  ),
  together(200, { atLeast: 35 }),
  together(10_000, { rounds: 3 }),
];
