import { expect, test } from "vitest";
import { z } from "zod";
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  BaseOutputParser,
  ChatPromptTemplate,
  concat,
  HumanMessage,
  InMemoryCache,
  MessagesPlaceholder,
  OutputParserException,
  PromptTemplate,
  RunnableBranch,
  type RunnableConfig,
  RunnableLambda,
  RunnablePassthrough,
  RunnableSequence,
  StringOutputParser,
  StructuredTool,
  ToolMessage,
  tool,
} from "../../src/entries/index.ts";
import { callingTools, PortedModel } from "./ported-model.ts";

// Programs as they are written for the peer, with the import changed; each gave the same there.

const add = tool(async ({ a, b }) => a + b, {
  name: "add",
  description: "Adds two numbers.",
  schema: z.object({ a: z.number(), b: z.number() }),
});

class Search extends StructuredTool {
  name = "search";
  description = "Searches.";
  schema = z.object({ query: z.string(), limit: z.number().optional() });
  override responseFormat = "content_and_artifact" as const;
  async _call({ query, limit }: { query: string; limit?: number | undefined }) {
    return [`found ${query}`, { hits: [query], limit: limit ?? 3 }];
  }
}

test("a loop of tool calls by hand takes tools by their names, and hands their answers back", async () => {
  const search = new Search();
  const model = new PortedModel({
    answers: [
      callingTools(
        { name: "add", args: { a: 3, b: 4 }, id: "c1", type: "tool_call" },
        { name: "search", args: { query: "linnet" }, id: "c2", type: "tool_call" },
      ),
      new AIMessage("Seven."),
    ],
  });
  const bound = model.bindTools([add, search]);
  const messages: BaseMessage[] = [new HumanMessage("What is 3 + 4?")];
  for (;;) {
    let answer: AIMessageChunk | undefined;
    for await (const chunk of await bound.stream(messages))
      answer = answer === undefined ? chunk : concat(answer, chunk);
    messages.push(answer as AIMessageChunk);
    if (!answer?.tool_calls?.length) break;
    for (const call of answer.tool_calls) {
      const chosen = { add, search }[call.name as "add" | "search"];
      messages.push((await (chosen as typeof add).invoke(call as never)) as unknown as ToolMessage);
    }
  }
  expect(messages.map((message) => message.text)).toEqual(["What is 3 + 4?", "", "7", "found linnet", "Seven."]);
  expect(messages[3]).toMatchObject({ tool_call_id: "c2", name: "search", artifact: { hits: ["linnet"], limit: 3 } });
  expect(model.calls[1]?.messages.filter((message) => message instanceof ToolMessage)).toHaveLength(2);
});

test("a prompt with history, images and partial values leaves its template as it was", async () => {
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "You are {name}, answer in {language}."],
    new MessagesPlaceholder("history"),
    [
      "human",
      [
        { type: "text", text: "What is on {what}?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,{data}", detail: "low" } },
      ],
    ],
  ]);
  const partial = await prompt.partial({ name: "Ada", language: async () => "Latin" });
  const seen = [];
  for (const data of ["aGk=", "eA=="]) {
    const messages = await partial.formatMessages({ what: "it", data, history: [["human", "hi"]] });
    seen.push(messages.map((message) => message.content));
  }
  const image = (data: string) => ({ url: `data:image/png;base64,${data}`, detail: "low" });
  expect(seen).toEqual(
    ["aGk=", "eA=="].map((data) => [
      "You are Ada, answer in Latin.",
      "hi",
      [
        { type: "text", text: "What is on it?" },
        { type: "image_url", image_url: image(data) },
      ],
    ]),
  );
});

test("a router chooses by what a first chain has answered", async () => {
  const answering = (...texts: string[]) => new PortedModel({ answers: texts.map((text) => new AIMessage(text)) });
  const named = (name: string) => PromptTemplate.fromTemplate("{question}").pipe(answering(`${name} says hello`));
  const classify = PromptTemplate.fromTemplate("Which: {question}")
    .pipe(answering("Birds", "Fish", "?"))
    .pipe(new StringOutputParser());
  const branch = RunnableBranch.from<{ topic: string; question: string }, AIMessage>([
    [({ topic }) => topic === "Birds", named("linnet")],
    [({ topic }) => topic === "Fish", named("pike")],
    named("nobody"),
  ]);
  const chain = RunnableSequence.from<{ question: string }, string>([
    RunnablePassthrough.assign({ topic: classify }),
    branch,
    new StringOutputParser(),
  ]);
  const answers = [];
  for (const question of ["a", "b", "c"]) answers.push(await chain.invoke({ question }));
  expect(answers).toEqual(["linnet says hello", "pike says hello", "nobody says hello"]);
});

test("documents are summed up side by side, within a limit, and the sums once more", async () => {
  let active = 0;
  let most = 0;
  const summarise = RunnableLambda.from(async ({ document }: { document: string }) => {
    active += 1;
    most = Math.max(most, active);
    await new Promise((done) => setTimeout(done));
    active -= 1;
    return document.toUpperCase();
  });
  const reduce = ChatPromptTemplate.fromTemplate("{summaries}").pipe((value) => value.toString());
  const chain = RunnableLambda.from(async (documents: string[], config: RunnableConfig) => {
    const inputs = documents.map((document) => ({ document }));
    const summaries = await summarise.batch(inputs, { ...config, maxConcurrency: 3 });
    return reduce.invoke({ summaries: summaries.join(" ") }, config);
  });
  expect(await chain.invoke(["a", "b", "c", "d", "e"])).toBe("Human: A B C D E");
  expect(most).toBe(3);
});

test("a parser of one's own is retried with the model, and shows what it could not read", async () => {
  class YesNo extends BaseOutputParser<boolean> {
    override lc_namespace = ["app"];
    async parse(text: string): Promise<boolean> {
      if (text !== "yes" && text !== "no") throw new OutputParserException(`Neither yes nor no: ${text}`, text);
      return text === "yes";
    }
    getFormatInstructions() {
      return "Answer yes or no.";
    }
  }
  const model = new PortedModel({ answers: [new AIMessage("maybe"), new AIMessage("no")] });
  const chain = model.pipe(new YesNo());
  expect(await chain.withRetry({ stopAfterAttempt: 2 }).invoke("Is it?")).toBe(false);
  await expect(chain.invoke("Is it?")).rejects.toMatchObject({ llmOutput: "maybe" });
});

test("a cached model is asked once for the same, and again with tools", async () => {
  const model = new PortedModel({ answers: [new AIMessage("one"), new AIMessage("two")], cache: new InMemoryCache() });
  const texts = [];
  for (const asked of [model, model, model.bindTools([add]), model.bindTools([add])]) {
    texts.push((await asked.invoke("q")).text);
  }
  expect(texts).toEqual(["one", "one", "two", "two"]);
});
