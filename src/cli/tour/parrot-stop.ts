import { AIMessage, AIMessageChunk, ChatParrotLink, HumanMessage } from "../../entries/index.ts";
import { mapOf, type TourStop } from "./step.ts";

/** The parrot: the guide's model grown up. */
export function parrotStop(): TourStop {
  const parrot = new ChatParrotLink({ model: "my_custom_model", parrotBufferLength: 3 });
  return {
    title: "The parrot, a model that needs no network",
    about: "That model grown up: it counts tokens, one a character, and honours stop.",
    steps: [
      {
        code: `const parrot = new ChatParrotLink({
  model: "my_custom_model",
  parrotBufferLength: 3,
});`,
        shows: "nothing",
      },
      {
        code: `await parrot.invoke([
  new HumanMessage("hello!"),
  new AIMessage("Hi there human!"),
  new HumanMessage("Meow!"),
])`,
        shows: "value",
        run: () =>
          parrot.invoke([new HumanMessage("hello!"), new AIMessage("Hi there human!"), new HumanMessage("Meow!")]),
      },
      { code: 'await parrot.invoke("hello")', shows: "value", run: () => parrot.invoke("hello") },
      {
        code: 'await parrot.batch(["hello", "goodbye"])',
        shows: "value",
        run: () => parrot.batch(["hello", "goodbye"]),
      },
      {
        code: 'for await (const chunk of await parrot.stream("cat")) print(chunk.text, "|");',
        shows: "pieces",
        run: () => mapOf(parrot.stream("cat"), (chunk) => `${chunk.text}|`),
      },
      {
        code: `let sum = new AIMessageChunk("");
for await (const chunk of parrot.astream("cat")) sum = sum.concat(chunk);
sum.usage_metadata`,
        shows: "value",
        run: async () => {
          let sum = new AIMessageChunk("");
          for await (const chunk of parrot.astream("cat")) sum = sum.concat(chunk as AIMessageChunk);
          return sum.usage_metadata;
        },
      },
    ],
  };
}
