import { ChatParrotLink, ChatPromptTemplate, StringOutputParser } from "../../entries/index.ts";
import { mapOf, type TourStop } from "./step.ts";

/** Streams, and what can be seen while they run. */
export function watchingStop(): TourStop {
  const parrot = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 80 });
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "Repeat what you hear."],
    ["human", "{text}"],
  ]);
  const chain = prompt.pipe(parrot).pipe(new StringOutputParser());
  const song = { text: "A linnet sings as soon as it can." };
  return {
    title: "Watch it sing",
    about: "A chain streams its last step; its events tell what every run in it does.",
    steps: [
      {
        code: `const parrot = new ChatParrotLink({
  model: "bird-brain-001",
  parrotBufferLength: 80,
});
const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Repeat what you hear."],
  ["human", "{text}"],
]);
const chain = prompt.pipe(parrot).pipe(new StringOutputParser());
const song = { text: "A linnet sings as soon as it can." };`,
        shows: "nothing",
      },
      {
        code: "for await (const piece of await chain.stream(song)) print(piece);",
        shows: "pieces",
        run: () => mapOf(chain.stream(song), (piece) => piece),
      },
      {
        code: 'for await (const event of chain.streamEvents({ text: "cat" })) tree(event);',
        shows: "tree",
        run: () => chain.streamEvents({ text: "cat" }),
      },
    ],
  };
}
