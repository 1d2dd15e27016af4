import { ChatPromptTemplate } from "../../entries/index.ts";
import { CustomLLM } from "./custom-llm.ts";
import { firstOf, type TourStop } from "./step.ts";

/** A prompt piped into the LLM. */
export function chainStop(): TourStop {
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "you are a bot"],
    ["human", "{input}"],
  ]);
  const chain = prompt.pipe(new CustomLLM({ n: 7 }));
  const input = { input: "hello there!" };
  return {
    title: "Steps are piped into each other",
    about: "A prompt fills in, the LLM answers. The first eight events show who did what.",
    steps: [
      {
        code: `const prompt = ChatPromptTemplate.fromMessages([
  ["system", "you are a bot"],
  ["human", "{input}"],
]);
const chain = prompt.pipe(new CustomLLM({ n: 7 }));
const input = { input: "hello there!" };`,
        shows: "nothing",
      },
      {
        code: `let count = 0;
for await (const event of chain.streamEvents(input, { version: "v1" })) {
  show(event);
  if (++count === 8) break; // leaving early stops the model, too
}`,
        shows: "events",
        run: () => firstOf(chain.streamEvents(input, { version: "v1" }), 8),
      },
    ],
  };
}
