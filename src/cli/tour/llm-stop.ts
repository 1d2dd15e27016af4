import { CustomLLM } from "./custom-llm.ts";
import { mapOf, type TourStop } from "./step.ts";

/** The guide's own LLM. */
export function llmStop(): TourStop {
  const llm = new CustomLLM({ n: 5 });
  return {
    title: "An LLM of your own: text in, text out",
    about: "_call is the one hook it needs. All calls are async: ainvoke is invoke here.",
    steps: [
      { code: "const llm = new CustomLLM({ n: 5 });", shows: "nothing" },
      { code: "String(llm)", shows: "value", run: () => String(llm) },
      {
        code: 'await llm.invoke("This is a foobar thing")',
        shows: "value",
        run: () => llm.invoke("This is a foobar thing"),
      },
      { code: 'await llm.invoke("world")', shows: "value", run: () => llm.invoke("world") },
      {
        code: 'await llm.batch(["woof woof woof", "meow meow meow"])',
        shows: "value",
        run: () => llm.batch(["woof woof woof", "meow meow meow"]),
      },
      {
        code: 'for await (const token of llm.astream("hello")) print(token, "|");',
        shows: "pieces",
        run: () => mapOf(llm.astream("hello"), (token) => `${token}|`),
      },
      {
        code: 'await llm.invoke("hello", { stop: ["l"] })',
        shows: "failure",
        run: () => llm.invoke("hello", { stop: ["l"] }),
      },
    ],
  };
}
