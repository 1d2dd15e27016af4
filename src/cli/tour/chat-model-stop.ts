import { AIMessage, HumanMessage } from "../../entries/index.ts";
import { CustomChatModelAdvanced } from "./custom-chat-model-advanced.ts";
import { mapOf, type TourStop } from "./step.ts";

/** The guide's own chat model. */
export function chatModelStop(): TourStop {
  const model = new CustomChatModelAdvanced({ modelName: "my_custom_model", n: 3 });
  return {
    title: "A chat model of your own",
    about: "It echoes n characters. Two hooks, _generate and _stream; the rest is inherited.",
    steps: [
      {
        code: `const model = new CustomChatModelAdvanced({
  modelName: "my_custom_model",
  n: 3,
});`,
        shows: "nothing",
      },
      {
        code: `await model.invoke([
  new HumanMessage("hello!"),
  new AIMessage("Hi there human!"),
  new HumanMessage("Meow!"),
])`,
        shows: "value",
        run: () =>
          model.invoke([new HumanMessage("hello!"), new AIMessage("Hi there human!"), new HumanMessage("Meow!")]),
      },
      { code: 'await model.invoke("hello")', shows: "value", run: () => model.invoke("hello") },
      { code: 'await model.batch(["hello", "goodbye"])', shows: "value", run: () => model.batch(["hello", "goodbye"]) },
      {
        code: 'for await (const chunk of await model.stream("cat")) print(chunk.text, "|");',
        shows: "pieces",
        run: () => mapOf(model.stream("cat"), (chunk) => `${chunk.text}|`),
      },
      {
        code: 'for await (const chunk of model.astream("cat")) print(chunk.text, "|");',
        shows: "pieces",
        run: () => mapOf(model.astream("cat"), (chunk) => `${chunk.text}|`),
      },
      {
        code: `for await (const event of model.streamEvents("cat", { version: "v1" }))
  show(event);`,
        shows: "events",
        run: () => model.streamEvents("cat", { version: "v1" }),
      },
    ],
  };
}
