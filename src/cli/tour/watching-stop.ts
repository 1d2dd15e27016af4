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
  return {
    title: "Watch it sing",
    about: "A chain streams what its last step gives, piece by piece; its events tell what every run inside it does.",
    steps: [
      {
        code: `const parrot = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 80 });
const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Repeat what you hear."],
  ["human", "{text}"],
]);
const chain = prompt.pipe(parrot).pipe(new StringOutputParser());`,
        shows: "nothing",
      },
      {
        code: 'for await (const piece of await chain.stream({ text: "A linnet sings as soon as it can." })) print(piece);',
        shows: "pieces",
        run: () => mapOf(chain.stream({ text: "A linnet sings as soon as it can." }), (piece) => piece),
      },
      {
        code: 'for await (const event of chain.streamEvents({ text: "cat" })) tree(event);',
        shows: "tree",
        run: () => chain.streamEvents({ text: "cat" }),
      },
    ],
  };
}
