/**
 * A program in which 50 streams run at once. Each makes nested calls one after another and several at a time, in an async
 * generator; each has a handler of its own. It is plain text, so that every runtime of the matrix can be given the same one; it
 * calls `report` with what it saw.
 *
 * @param isImplicit whether nested calls are left without a config, to be found by the async context.
 */
export function contextProgram(isImplicit: boolean): string {
  return `
import { RunnableLambda } from "./index.js";
${isImplicit ? 'import { getContextVariable, installNodeContext, setContextVariable } from "./node.js";' : ""}

const streams = 50;
const turn = (n) => (globalThis.setTimeout ? new Promise((resolve) => setTimeout(resolve, n)) : Promise.resolve());
const below = (config) => ${isImplicit ? "undefined" : "config"};
const variable = (text) => ${isImplicit ? 'getContextVariable("stream")' : "text[0]"};
const faults = [];

const leaf = RunnableLambda.from((text) => text + variable(text), { name: "leaf" });
const inner = RunnableLambda.from(
  async (text, config) => {
    await turn(text.length % 2);
    return leaf.invoke(text, below(config));
  },
  { name: "inner" },
);
const outer = RunnableLambda.from(
  async function* (text, config) {
    ${isImplicit ? 'setContextVariable("stream", text[0]);' : ""}
    for (let step = 0; step < 3; step += 1) {
      await turn(step);
      yield await inner.invoke(text + step, below(config));
      const both = [0, 1].map((n) => inner.invoke(text + n, below(config)));
      yield (await Promise.all(both)).join();
    }
  },
  { name: "outer" },
);

/** Tells whether each run of a stream is told to the stream's handler alone, under the right parent. */
function watch(text) {
  const names = new Map();
  const parents = { outer: undefined, inner: "outer", leaf: "inner" };
  return {
    starts: 0,
    handleChainStart(_serialized, inputs, id, parent, _tags, _metadata, _type, name) {
      this.starts += 1;
      names.set(id, name);
      if (!inputs.input.startsWith(text)) faults.push(text + " was told of " + inputs.input);
      if (names.get(parent) !== parents[name]) faults.push(name + " under " + names.get(parent));
      return turn(0);
    },
  };
}

const letters = Array.from({ length: streams }, (_, n) => String.fromCharCode(65 + n) + ":");
const handlers = letters.map(watch);
const outputs = await Promise.all(
  letters.map(async (text, n) => {
    const chunks = [];
    for await (const chunk of await outer.stream(text, { callbacks: [handlers[n]] })) chunks.push(chunk);
    return chunks;
  }),
);

report({
  context: ${isImplicit ? "installNodeContext()" : "false"},
  faults: faults.slice(0, 5),
  starts: [...new Set(handlers.map(({ starts }) => starts))],
  first: outputs[0],
  differ: outputs.filter((chunks, n) => chunks.join() !== outputs[0].join().replaceAll("A", letters[n][0])).length,
});
`;
}

/** What the program reports wherever it runs. */
export function contextReport(isImplicit: boolean): object {
  const both = "A:0A,A:1A";
  return {
    context: isImplicit,
    faults: [],
    // The stream, and two runs for each of nine nested calls.
    starts: [19],
    first: ["A:0A", both, "A:1A", both, "A:2A", both],
    differ: 0,
  };
}
