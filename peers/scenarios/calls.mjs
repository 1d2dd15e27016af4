/** Single calls. The work is a hundred of them in a row; the limit is the author's own functions, called bare. */
import { sdkModel } from "../sdk-model.mjs";

// Loaded once for each library, as this module is: an engine learns from what a function has seen.
const parts = await import(`../parts.mjs${new URL(import.meta.url).search}`);
const { answeringModel, chainOf, chatPrompt, input, threeLambdas, times } = parts;

const CALLS = 100;

/** A handler such as those that count or log: it hears of every kind of run, and returns nothing. */
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
    handleLLMEnd: hear,
    heard: () => heard,
  };
}

const bareAnswer = (model) => async () => {
  const { generations } = await model._generate();
  return generations[0].message;
};

const { tone, topic } = input;
const instructions = `You are a ${tone} ornithologist.`;
const prompt = `Tell me of ${topic}.`;

const row = (name, prepare, { bare, sdk, atLeast } = {}) => ({
  name,
  per: CALLS,
  isAsync: true,
  isCall: true,
  atLeast,
  prepare: (library) => times(CALLS, prepare(library)),
  bare: bare && ((library) => times(CALLS, bare(library))),
  sdk: sdk && ((library) => times(CALLS, sdk(library))),
});

export const rows = [
  row(
    "model.invoke",
    (library) => {
      const model = answeringModel(library);
      return () => model.invoke("Tell me of finches.");
    },
    {
      bare: (library) => bareAnswer(answeringModel(library)),
      sdk: ({ generateText }) => {
        const model = sdkModel(0);
        return () => generateText({ model, prompt });
      },
      atLeast: 8,
    },
  ),
  row(
    "prompt, model, parser: invoke",
    (library) => {
      const chain = chainOf(library, answeringModel(library));
      return () => chain.invoke(input);
    },
    {
      bare: (library) => bareAnswer(answeringModel(library)),
      sdk: ({ generateText }) => {
        const model = sdkModel(0);
        return async () => (await generateText({ model, instructions, prompt })).text;
      },
      atLeast: 18,
    },
  ),
  row(
    "prompt, model, parser: invoke with one handler",
    (library) => {
      const chain = chainOf(library, answeringModel(library));
      const config = { callbacks: [countingHandler()] };
      return () => chain.invoke(input, config);
    },
    { bare: (library) => bareAnswer(answeringModel(library)), atLeast: 10 },
  ),
  row(
    "three lambdas: invoke",
    (library) => {
      const chain = threeLambdas(library);
      return () => chain.invoke(1);
    },
    { bare: () => async () => (1 + 1) * 2 - 1, atLeast: 50 },
  ),
  row(
    "map of three: invoke",
    (library) => {
      const { RunnableLambda, RunnableMap } = library;
      const addOne = RunnableLambda.from((number) => number + 1);
      const map = RunnableMap.from({ a: addOne, b: addOne, c: addOne });
      return () => map.invoke(1);
    },
    { bare: () => async () => ({ a: 1 + 1, b: 1 + 1, c: 1 + 1 }), atLeast: 22 },
  ),
  row("chat prompt: formatMessages", (library) => {
    const prompt = chatPrompt(library);
    return () => prompt.formatMessages(input);
  }),
];
