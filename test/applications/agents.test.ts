import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import {
  AIMessage,
  ChatPromptTemplate,
  InMemoryChatMessageHistory,
  MessagesPlaceholder,
  RunnableWithMessageHistory,
  runTools,
  tool,
  wrapModel,
} from "../../src/entries/index.ts";
import { callingTools, PortedModel } from "./ported-model.ts";

const weather = tool(({ city }) => `${city}: sunny`, {
  name: "weather",
  description: "Tells the weather.",
  schema: z.object({ city: z.string() }),
});

const planned = () =>
  new PortedModel({
    answers: [callingTools({ name: "weather", args: { city: "Rome" }, id: "c1" }), new AIMessage("It is sunny.")],
  });

test.each(["invoke", "stream"] as const)("an agent's turns are remembered, with its calls, by %s", async (verb) => {
  const history = new InMemoryChatMessageHistory();
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "Be short."],
    new MessagesPlaceholder("history"),
    ["human", "{question}"],
  ]);
  const model = planned();
  const remembering = new RunnableWithMessageHistory({
    runnable: prompt.pipe(runTools(model, [weather])),
    getMessageHistory: () => history,
    inputMessagesKey: "question",
    historyMessagesKey: "history",
    outputMessagesKey: "messages",
  });
  const config = { configurable: { sessionId: "ada" } };
  for (const question of ["Rome?", "And now?"]) {
    if (verb === "invoke") await remembering.invoke({ question }, config);
    else for await (const _ of await remembering.stream({ question }, config));
  }
  const turn = ["human", "ai", "tool", "ai"];
  expect((await history.getMessages()).map((message) => message.getType())).toEqual([...turn, ...turn]);
  expect(model.calls[2]?.messages).toHaveLength(6);
});

test("an agent whose reader leaves in the middle of a tool leaves the tool", async () => {
  const left: boolean[] = [];
  const slow = tool(
    async function* (_: object, { signal }) {
      try {
        for (let step = 1; ; step += 1) {
          await new Promise((done) => setTimeout(done));
          yield step;
        }
      } finally {
        left.push(signal?.aborted === true);
      }
    },
    { name: "slow", description: "Takes its time.", schema: z.object({}) },
  );
  const model = new PortedModel({ answers: [callingTools({ name: "slow", args: {}, id: "1" })] });
  for await (const event of runTools(model, [slow]).streamEvents("go", { version: "v2" })) {
    if (event.event === "on_tool_stream") break;
  }
  expect(left).toEqual([true]);
  await expect(runTools(model, [slow]).invoke("go", { timeout: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
  await vi.waitFor(() => expect(left).toEqual([true, true]));
});

test("one signal that serves many calls of everything has no listeners left", async () => {
  const { signal } = new AbortController();
  const model = planned();
  const structured = new PortedModel({
    answers: [callingTools({ name: "extract", args: { city: "Rome" }, id: "1" })],
  }).withStructuredOutput(z.object({ city: z.string() }));
  for (let round = 0; round < 5; round += 1) {
    const agent = runTools(wrapModel(model), [weather]);
    await agent.invoke("Rome?", { signal, timeout: 60_000 });
    for await (const _ of await agent.stream("Rome?", { signal })) if (round % 2 === 0) break;
    for await (const _ of agent.streamEvents("Rome?", { version: "v2", signal })) if (round % 2 === 0) break;
    for await (const _ of await structured.stream("Rome?", { signal })) if (round % 2 === 0) break;
    const text = model.streamEvents("Rome?", { signal }).text;
    for await (const _ of text) if (round % 2 === 0) break;
  }
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("an agent may be another agent's tool: its words are the answer, not its object", async () => {
  const expert = ChatPromptTemplate.fromTemplate("{question}").pipe(
    new PortedModel({ answers: [new AIMessage("42")] }),
  );
  const ask = expert.asTool({ name: "ask", description: "Asks.", schema: z.object({ question: z.string() }) });
  const call = { name: "ask", args: { question: "?" }, id: "c1" };
  const boss = new PortedModel({ answers: [callingTools(call), new AIMessage("It is 42.")] });
  const { messages } = await runTools(boss, [ask]).invoke("What?");
  expect(messages.map((message) => message.text)).toEqual(["", "42", "It is 42."]);
});
