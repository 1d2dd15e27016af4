import { describe, expect, test } from "vitest";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { CustomLLM } from "./custom-llm-model.ts";
import { collect, plain } from "./transcript.ts";

/** The transcripts of the guide to custom LLMs, result by result. */
const llm = new CustomLLM({ n: 5 });

describe("the guide to custom LLMs", () => {
  test("prints the model", () => {
    expect(String(llm)).toBe('CustomLLM\nParams: {"model_name":"CustomChatModel"}');
  });

  test.each([
    ["This is a foobar thing", "This "],
    ["world", "world"],
  ])("invokes with %j", async (prompt, answer) => {
    expect(await llm.invoke(prompt)).toBe(answer);
  });

  test("answers a batch", async () => {
    expect(await llm.batch(["woof woof woof", "meow meow meow"])).toEqual(["woof ", "meow "]);
  });

  test.each(["stream", "astream"] as const)("gives h|e|l|l|o| by %s", async (verb) => {
    const tokens = await collect(await llm[verb]("hello"));
    expect(tokens.map((token) => `${token}|`).join("")).toBe("h|e|l|l|o|");
  });

  test("refuses stop", async () => {
    await expect(llm.invoke("hello", { stop: ["l"] })).rejects.toThrow("stop kwargs are not permitted.");
  });

  test("tells of the first eight v1 events of a prompt piped into it", async () => {
    const prompt = ChatPromptTemplate.fromMessages([
      ["system", "you are a bot"],
      ["human", "{input}"],
    ]);
    const chain = prompt.pipe(new CustomLLM({ n: 7 }));
    const events = await collect(chain.streamEvents({ input: "hello there!" }, { version: "v1" }), 8);

    const root = { name: "RunnableSequence", run_id: "<run 1>", tags: [], metadata: {} };
    const first = { name: "ChatPromptTemplate", run_id: "<run 2>", tags: ["seq:step:1"], metadata: {} };
    const second = { name: "CustomLLM", run_id: "<run 3>", tags: ["seq:step:2"], metadata: {} };
    const input = { input: "hello there!" };
    const output = {
      ChatPromptValue: {
        messages: [{ SystemMessage: { content: "you are a bot" } }, { HumanMessage: { content: "hello there!" } }],
      },
    };
    expect(plain(events)).toEqual([
      { event: "on_chain_start", ...root, data: { input } },
      { event: "on_prompt_start", ...first, data: { input } },
      { event: "on_prompt_end", ...first, data: { input, output } },
      {
        event: "on_llm_start",
        ...second,
        data: { input: { prompts: ["System: you are a bot\nHuman: hello there!"] } },
      },
      { event: "on_llm_stream", ...second, data: { chunk: "S" } },
      { event: "on_chain_stream", ...root, data: { chunk: "S" } },
      { event: "on_llm_stream", ...second, data: { chunk: "y" } },
      { event: "on_chain_stream", ...root, data: { chunk: "y" } },
    ]);
  });
});
