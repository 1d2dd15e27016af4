import { AIMessageChunk } from "../../entries/index.ts";
import type { TourStop } from "./step.ts";

/** What is said. */
export function messagesStop(): TourStop {
  return {
    title: "Messages come whole or in chunks",
    about: "A stream gives chunks of a message; chunks add up to the message.",
    steps: [
      {
        code: 'new AIMessageChunk("Hello").concat(new AIMessageChunk(" World!"))',
        shows: "value",
        run: () => new AIMessageChunk("Hello").concat(new AIMessageChunk(" World!")),
      },
    ],
  };
}
