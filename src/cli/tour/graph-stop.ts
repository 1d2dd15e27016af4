import { graphChain } from "./graph-chain.ts";
import type { TourStop } from "./step.ts";

/** A chain with branches, and its graph. */
export function graphStop(): TourStop {
  return {
    title: "See what it is made of",
    about: "Steps side by side, a choice, a model in reserve; getGraph also writes mermaid.",
    steps: [
      {
        code: `const countWords = (text) => text.split(" ").length;
const isQuestion = RunnableLambda.from(({ text }) => text.endsWith("?"), {
  name: "isQuestion",
});
const named = (template, runName) =>
  ChatPromptTemplate.fromTemplate(template).withConfig({ runName });
const answer = "You ask in {words} words: {text}";
const prompt = RunnableBranch.from([
  [isQuestion, named(answer, "answer")],
  named("{text}", "repeat"),
]);
const parrot = new ChatParrotLink({
  model: "bird-brain-001",
  parrotBufferLength: Number.POSITIVE_INFINITY,
});
const heard = { text: new RunnablePassthrough(), words: countWords };
const speech = parrot
  .pipe(new StringOutputParser())
  .withFallbacks([new CustomLLM({ n: 80 })]);
const chain = RunnableMap.from(heard).pipe(prompt).pipe(speech);`,
        shows: "nothing",
      },
      {
        code: 'await chain.invoke("Who sings here?")',
        shows: "value",
        run: () => graphChain().invoke("Who sings here?"),
      },
      {
        code: "chain.getGraph().drawAscii()",
        shows: "value",
        run: () => graphChain().getGraph().drawAscii(),
      },
    ],
  };
}
