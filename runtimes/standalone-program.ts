/**
 * A program that uses the standalone file the way a vendoring app does. It is plain text, so that every runtime of the
 * matrix can be given the same one; it calls `report` with what it saw.
 */
export const standaloneProgram: string = `
import { ChatParrotLink, RunnableLambda } from "./standalone.js";

const model = new ChatParrotLink({ model: "m", parrotBufferLength: 3 });
const pieces = [];
for await (const chunk of await model.stream("cat")) pieces.push(chunk.content);
const events = [];
for await (const event of model.streamEvents("cat", { version: "v2" })) events.push(event.event);
const chain = RunnableLambda.from((text) => text + "!").pipe(model).pipe((message) => message.content);

report({
  reply: (await model.invoke("hello")).content,
  batch: (await model.batch(["hello", "goodbye"])).map((message) => message.content),
  pieces,
  events,
  chained: await chain.invoke("ab"),
});
`;

/** What the program reports wherever it runs. */
export const standaloneReport = {
  reply: "hel",
  batch: ["hel", "goo"],
  pieces: ["c", "a", "t", ""],
  events: [
    "on_chat_model_start",
    "on_chat_model_stream",
    "on_chat_model_stream",
    "on_chat_model_stream",
    "on_chat_model_stream",
    "on_chat_model_end",
  ],
  chained: "ab!",
};
