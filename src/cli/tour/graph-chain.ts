import {
  ChatParrotLink,
  ChatPromptTemplate,
  type Runnable,
  RunnableBranch,
  RunnableLambda,
  RunnableMap,
  RunnablePassthrough,
  StringOutputParser,
} from "../../entries/index.ts";
import { CustomLLM } from "./custom-llm.ts";

interface Heard {
  readonly text: string;
  readonly words: number;
}

/** The chain of the last stop: it listens, answers questions in another way than the rest, and has a model in reserve. */
export function graphChain(): Runnable<string, string> {
  const heard = RunnableMap.from<string, { text: string; words: number }>({
    text: new RunnablePassthrough<string>(),
    words: RunnableLambda.from((text: string) => text.split(" ").length, { name: "countWords" }),
  });
  const isQuestion = RunnableLambda.from(({ text }: Heard) => text.endsWith("?"), { name: "isQuestion" });
  const answer = ChatPromptTemplate.fromTemplate("You ask in {words} words: {text}");
  const repeat = ChatPromptTemplate.fromTemplate("{text}");
  const prompt = RunnableBranch.from([
    [isQuestion, answer.withConfig({ runName: "answer" })],
    repeat.withConfig({ runName: "repeat" }),
  ]);
  const parrot = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: Number.POSITIVE_INFINITY });
  const speech = parrot.pipe(new StringOutputParser()).withFallbacks([new CustomLLM({ n: 80 })]);
  return heard.pipe(prompt).pipe(speech);
}
