/**
 * What asks most of the compiler: a structure of many tools with deep arguments, calls told apart by name, long chains, and
 * prompts with many variables. `npm run check` compiles it and holds what that costs; see scripts/check-type-cost.mjs.
 */
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  ChatPromptTemplate,
  concatAll,
  type MessageStructure,
  type MessageToolDefinition,
  RunnableLambda,
  RunnableMap,
} from "../../../src/entries/index.ts";

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

interface Place {
  readonly city: string;
  readonly within?: Place;
  readonly tags: readonly { readonly name: string; readonly weight: number }[];
}

/** A hundred tools. */
interface Many extends MessageStructure {
  readonly tools: {
    [Name in `tool_${Digit}${Digit}`]: MessageToolDefinition<{ readonly place: Place; readonly name: Name }, Place[]>;
  };
}

export function namesOf(message: AIMessage<Many>): string[] {
  return message.tool_calls.map((call) => {
    if (call.name === "tool_00") return call.args.name satisfies "tool_00";
    if (call.name === "tool_99") return call.args.place.city;
    return call.args.place.within?.city ?? call.name;
  });
}

export const sum: AIMessageChunk<Many> | undefined = concatAll([
  new AIMessageChunk<Many>({
    tool_calls: [{ name: "tool_42", args: { name: "tool_42", place: { city: "a", tags: [] } } }],
  }),
]);

export const base: BaseMessage = new AIMessage<Many>({ content: "" });

const add = RunnableLambda.from((x: number) => x + 1);

/** Thirty steps, each of which infers its input. */
export const chain = add
  .pipe((x) => x + 1)
  .pipe((x) => `${x}`)
  .pipe((x) => x.length)
  .pipe((x) => [x])
  .pipe((x) => x.length)
  .pipe((x) => x + 1)
  .pipe((x) => `${x}`)
  .pipe((x) => x.length)
  .pipe((x) => [x])
  .pipe((x) => x.length)
  .pipe((x) => x + 1)
  .pipe((x) => `${x}`)
  .pipe((x) => x.length)
  .pipe((x) => [x])
  .pipe((x) => x.length)
  .pipe((x) => x + 1)
  .pipe((x) => `${x}`)
  .pipe((x) => x.length)
  .pipe((x) => [x])
  .pipe((x) => x.length)
  .pipe((x) => x + 1)
  .pipe((x) => `${x}`)
  .pipe((x) => x.length)
  .pipe((x) => [x])
  .pipe((x) => x.length)
  .pipe(RunnableMap.from({ a: (x: number) => x, b: (x: number) => `${x}`, c: add }));

export async function run(): Promise<number> {
  const { a, b, c } = await chain.invoke(1);
  return a + b.length + c;
}

export const prompt = ChatPromptTemplate.fromMessages([
  ["system", "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j}"],
  ["human", "{k} {l} {m} {n} {o} {p} {q} {r} {s} {t}"],
  ["placeholder", "{history}"],
]);
