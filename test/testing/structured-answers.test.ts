import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import type { BaseChatModel } from "../../src/models/base-chat-model.ts";
import "../../src/models/structured/wiring.ts";
import "../../src/runnables/wiring.ts";
import { FakeListChatModel } from "../../src/testing/fake-list-chat-model.ts";
import { fakeModel } from "../../src/testing/fake-model.ts";
import { FakeStreamingChatModel } from "../../src/testing/fake-streaming-chat-model.ts";
import { tool } from "../../src/tools/tool.ts";
import { collect } from "../golden/transcript.ts";

const BIRD = {
  title: "bird",
  type: "object",
  properties: { name: { type: "string" }, eggs: { type: "number" } },
  required: ["name"],
} as const;
const LINNET = '{"name":"linnet","eggs":5}';
const METHODS = ["functionCalling", "jsonMode", "jsonSchema"] as const;

/** The fakes, each with these answers. */
const FAKES: [string, (...answers: string[]) => BaseChatModel][] = [
  ["FakeListChatModel", (...responses) => new FakeListChatModel({ responses })],
  [
    "FakeListChatModel in another style",
    (...responses) => Object.assign(new FakeListChatModel({ responses }), { toolStyle: "google" }),
  ],
  [
    "FakeStreamingChatModel",
    (answer) => new FakeStreamingChatModel({ sleep: 0, responses: [new AIMessage(answer ?? "")] }),
  ],
  ["fakeModel()", (...answers) => answers.reduce((model, answer) => model.respond(answer), fakeModel())],
];

describe.each(FAKES)("structured output of %s", (_name, make) => {
  test.each(METHODS)("is read from a text by %s", async (method) => {
    expect(await make(LINNET).withStructuredOutput(BIRD, { method }).invoke("x")).toEqual({ name: "linnet", eggs: 5 });
  });

  test.each(METHODS)("is streamed as far as it is there by %s", async (method) => {
    const values = await collect(await make(LINNET).withStructuredOutput(BIRD, { method }).stream("x"));
    expect(values.length).toBeGreaterThan(2);
    expect(values.at(-1)).toEqual({ name: "linnet", eggs: 5 });
  });

  test.each([
    ["is no JSON", "no"],
    ["does not fit", '{"eggs":5}'],
    ["is no object", "[1]"],
  ])("is an error where the answer %s", async (_what, answer) => {
    const failure = { code: "OUTPUT_PARSING_FAILURE" };
    for (const method of METHODS) {
      await expect(make(answer).withStructuredOutput(BIRD, { method }).invoke("x")).rejects.toMatchObject(failure);
    }
    const raw = await make(answer).withStructuredOutput(BIRD, { includeRaw: true }).invoke("x");
    expect(raw).toMatchObject({ parsed: null, parsing_error: failure });
  });

  test("comes with the message where that is wanted", async () => {
    const { raw, parsed } = await make(LINNET).withStructuredOutput(BIRD, { includeRaw: true }).invoke("x");
    expect([raw.text, (raw as AIMessage).tool_calls[0]?.name, parsed]).toEqual([
      "",
      "bird",
      { name: "linnet", eggs: 5 },
    ]);
  });
});

describe("structuredResponse", () => {
  const value = { name: "wren", tags: ["small"] };

  test.each(METHODS)(
    "is the answer to each call for structured output by %s, a fresh copy each time",
    async (method) => {
      const model = fakeModel().structuredResponse(value).respond("words");
      const structured = model.withStructuredOutput<typeof value>(BIRD, { method });
      (await structured.invoke("x")).tags.push("brown");
      expect(await structured.invoke("y")).toEqual(value);
      expect((await model.invoke("z")).text).toBe("words");
      expect(model.calls.map(({ messages }) => messages[0]?.text)).toEqual(["x", "y", "z"]);
    },
  );

  test("has to fit the schema", async () => {
    const model = fakeModel().structuredResponse({ eggs: 5 });
    await expect(model.withStructuredOutput(BIRD).invoke("x")).rejects.toThrow("name: ");
  });

  test("gives way to the error that every call fails with", async () => {
    const model = fakeModel().structuredResponse(value).alwaysThrow(new RangeError("always"));
    await expect(model.withStructuredOutput(BIRD).invoke("x")).rejects.toThrow(RangeError);
  });

  test("that JSON cannot say is no answer in JSON", async () => {
    const model = fakeModel().structuredResponse({ name: "wren", eggs: 5n });
    await expect(model.withStructuredOutput(BIRD, { method: "jsonMode" }).invoke("x")).rejects.toMatchObject({
      code: "OUTPUT_PARSING_FAILURE",
    });
  });
});

describe("a text becomes a call", () => {
  const peck = tool(() => "", { name: "peck", schema: BIRD });
  const sing = { name: "sing", description: "Sings.", schema: BIRD };

  test.each([
    ["of the only tool", [peck], "any", "peck"],
    ["of the only tool, in other words", [peck], "required", "peck"],
    ["of the tool that is named", [peck, sing], "sing", "sing"],
    ["of none where there are several", [peck, sing], "any", undefined],
    ["of none where it may do without", [peck], "auto", undefined],
    ["of none where nothing is said", [peck], undefined, undefined],
    ["of none where another is named", [peck], "sing", undefined],
    ["of none where there is none", [], "any", undefined],
  ])("%s", async (_what, tools, tool_choice, name) => {
    const reply = await fakeModel().respond(LINNET).bindTools(tools, { tool_choice }).invoke("x");
    const call = { type: "tool_call", name, args: { name: "linnet", eggs: 5 }, id: "fake_tc_1" };
    expect([reply.text, reply.tool_calls]).toEqual(name === undefined ? [LINNET, []] : ["", [call]]);
  });

  test("not where the message has calls, is none of a model's, or came in chunks", async () => {
    const answers = fakeModel()
      .respondWithTools([{ name: "other", args: {} }])
      .respond(new HumanMessage(LINNET))
      .respondWithChunks([LINNET])
      .bindTools([peck], { tool_choice: "any" });
    expect((await answers.invoke("x")).tool_calls.map(({ name }) => name)).toEqual(["other"]);
    expect((await answers.invoke("x")).text).toBe(LINNET);
    expect((await answers.invoke("x")).text).toBe(LINNET);
  });

  test("with all else that the message brings", async () => {
    const usage_metadata = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const message = new AIMessage({ content: LINNET, usage_metadata, response_metadata: { k: 1 } });
    const reply = await fakeModel().respond(message).bindTools([peck], { tool_choice: "any" }).invoke("x");
    expect(reply).toMatchObject({ usage_metadata, response_metadata: { k: 1 } });
    expect(message.text).toBe(LINNET);
  });
});

describe("bound tools", () => {
  const peck = tool(() => "", { name: "peck", description: "Pecks.", schema: BIRD });
  const own = { type: "web_search", name: "search" };

  test.each([
    [
      "openai",
      [
        { type: "function", function: { name: "peck", description: "Pecks.", parameters: BIRD } },
        { type: "function", function: { name: "sing", parameters: BIRD } },
      ],
    ],
    [
      "anthropic",
      [
        { name: "peck", description: "Pecks.", input_schema: BIRD },
        { name: "sing", input_schema: BIRD },
      ],
    ],
    [
      "bedrock",
      [
        { toolSpec: { name: "peck", description: "Pecks.", inputSchema: BIRD } },
        { toolSpec: { name: "sing", inputSchema: BIRD } },
      ],
    ],
    [
      "google",
      [
        {
          functionDeclarations: [
            { name: "peck", description: "Pecks.", parameters: BIRD },
            { name: "sing", parameters: BIRD },
          ],
        },
      ],
    ],
  ] as const)("are told of in the style of %s, and a provider's own as they are", async (toolStyle, told) => {
    const seen: unknown[] = [];
    const model = new FakeStreamingChatModel({ chunks: [new AIMessageChunk("a")], sleep: 0, toolStyle });
    const note = (_llm: unknown, _messages: unknown, _id: string, _parent: unknown, extra?: Record<string, unknown>) =>
      void seen.push(extra?.options);
    const bound = model.bindTools([peck, own, { name: "sing", schema: BIRD }], { tool_choice: "auto" });
    await bound.invoke("x", { callbacks: [{ handleChatModelStart: note }] });
    expect(seen).toEqual([{ tools: [...told, own], tool_choice: "auto" }]);
  });

  test.each(["openai", "anthropic", "bedrock", "google"] as const)("may be none, in the style of %s", (toolStyle) => {
    expect(new FakeStreamingChatModel({ toolStyle }).bindTools([])).toMatchObject({ kwargs: { tools: [] } });
  });

  test("that are no tools are refused", () => {
    expect(() => fakeModel().bindTools(["peck" as never])).toThrow("Expected a tool with a name and a schema");
  });
});
