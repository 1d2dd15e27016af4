import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { ChatMessage } from "../../../src/messages/chat.ts";
import type { ContentBlock } from "../../../src/messages/content.ts";
import { FunctionMessage } from "../../../src/messages/function.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { fromOpenAIMessages } from "../../../src/messages/openai/from-openai.ts";
import type { OpenAIMessage } from "../../../src/messages/openai/openai-message.ts";
import { toOpenAIMessages } from "../../../src/messages/openai/to-openai.ts";
import { SystemMessage } from "../../../src/messages/system.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";

const RUNS = { numRuns: Number(process.env.LAW_RUNS ?? 400) };
const OWN = { noNullPrototype: true } as const;

const text = fc.string({ maxLength: 8 });
const id = fc.string({ minLength: 1, maxLength: 6 });

const textPart = fc.record({ type: fc.constant("text"), text }, OWN);
const userPart = fc.oneof(
  textPart,
  fc.record(
    {
      type: fc.constant("image_url"),
      image_url: fc.record(
        { url: fc.webUrl(), detail: fc.constantFrom("auto", "low", "high") },
        { requiredKeys: ["url"], ...OWN },
      ),
    },
    OWN,
  ),
  fc.record(
    {
      type: fc.constant("input_audio"),
      input_audio: fc.record({ data: fc.base64String(), format: fc.constantFrom("wav", "mp3") }, OWN),
    },
    OWN,
  ),
  fc.record(
    {
      type: fc.constant("file"),
      file: fc.oneof(
        fc.record({ file_id: id }, OWN),
        fc.record(
          { file_data: fc.base64String().map((data) => `data:application/pdf;base64,${data}`), filename: text },
          OWN,
        ),
      ),
    },
    OWN,
  ),
);
const list = <Part>(part: fc.Arbitrary<Part>): fc.Arbitrary<Part[]> => fc.array(part, { minLength: 1, maxLength: 3 });
const optionalName = { requiredKeys: ["role", "content"] as ["role", "content"], ...OWN };

const args = fc.oneof(
  fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }).map((value) => JSON.stringify(value)),
  fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value, undefined, 1)),
  fc.constantFrom("", "{", '{"a":12345678901234567890}', '{"a":1,"a":2}', "[]", "null", '{"__proto__":1}'),
);
const call = fc.oneof(
  fc.record({ type: fc.constant("function"), function: fc.record({ name: text, arguments: args }, OWN) }, OWN),
  fc.record({ type: fc.constant("custom"), custom: fc.record({ name: text, input: text }, OWN) }, OWN),
);
const calls = fc
  .tuple(list(call), fc.uniqueArray(id, { minLength: 3, maxLength: 3 }))
  .map(([made, ids]) => made.map((one, place) => ({ id: ids[place], ...one })));

const said = fc.oneof(text, list(textPart));
/** Any message that OpenAI's API takes or gives. */
const openAIMessage = fc.oneof(
  fc.record({ role: fc.constantFrom("system", "developer"), content: said, name: text }, optionalName),
  fc.record({ role: fc.constant("user"), content: fc.oneof(text, list(userPart)), name: text }, optionalName),
  fc.record({ role: fc.constant("tool"), content: said, tool_call_id: id }, OWN),
  fc.record({ role: fc.constant("function"), content: fc.option(text), name: text }, OWN),
  fc.record(
    {
      role: fc.constant("assistant"),
      content: fc.option(
        fc.oneof(text, list(fc.oneof(textPart, fc.record({ type: fc.constant("refusal"), refusal: text }, OWN)))),
      ),
      name: text,
      tool_calls: calls,
      refusal: fc.option(text),
      function_call: fc.option(fc.record({ name: text, arguments: args }, OWN)),
      audio: fc.option(fc.record({ id, transcript: text }, OWN)),
      annotations: fc.array(fc.jsonValue({ maxDepth: 1 })),
    },
    optionalName,
  ),
) as fc.Arbitrary<OpenAIMessage>;

describe("messages into OpenAI's form and back", () => {
  test("are the same, from OpenAI's side", () => {
    fc.assert(
      fc.property(fc.array(openAIMessage), (messages) => {
        const before = JSON.stringify(messages);
        expect(toOpenAIMessages(fromOpenAIMessages(messages))).toEqual(messages);
        expect(JSON.stringify(messages)).toBe(before);
      }),
      RUNS,
    );
  });

  test("are the same also through a store, which keeps JSON", () => {
    fc.assert(
      fc.property(openAIMessage, (given) => {
        // JSON knows no -0.
        const message = JSON.parse(JSON.stringify(given)) as typeof given;
        const [made] = fromOpenAIMessages([message]) as [BaseMessage];
        const stored = JSON.parse(JSON.stringify(made.toDict()));
        expect(toOpenAIMessages([stored])).toEqual([message]);
      }),
      RUNS,
    );
  });

  test("are in OpenAI's form for good: a second time changes nothing", () => {
    fc.assert(
      fc.property(fc.array(openAIMessage), (messages) => {
        expect(toOpenAIMessages(messages as never)).toEqual(messages);
      }),
      RUNS,
    );
  });

  const block: fc.Arbitrary<ContentBlock> = fc.oneof(
    text.map((value): ContentBlock => ({ type: "text", text: value })),
    text.map((value): ContentBlock => ({ type: "reasoning", reasoning: value })),
    fc.webUrl().map((url): ContentBlock => ({ type: "image", url })),
    fc.uint8Array().map((data): ContentBlock => ({ type: "audio", data, mimeType: "audio/wav" })),
    id.map((fileId): ContentBlock => ({ type: "file", fileId })),
    fc.base64String().map((data): ContentBlock => ({ type: "file", source_type: "base64", data, mime_type: "a/b" })),
  );
  const content = fc.oneof(text, fc.array(block, { maxLength: 4 }));
  const toolCalls = fc
    .tuple(
      fc.array(fc.record({ name: text, args: fc.dictionary(text, fc.jsonValue()) }), { maxLength: 3 }),
      fc.uniqueArray(id, { minLength: 3, maxLength: 3 }),
    )
    .map(([made, ids]) => made.map((one, place) => ({ ...one, id: ids[place], type: "tool_call" as const })));
  const invalidCalls = fc.array(
    fc.record({ name: text, args: fc.constantFrom("{", "[]", "no"), id: id.map((value) => `invalid-${value}`) }),
    { maxLength: 2 },
  );
  const message = fc.oneof(
    fc
      .tuple(content, fc.option(text, { nil: undefined }))
      .map(([said_, name]) => new HumanMessage({ content: said_, name })),
    content.map((said_) => new SystemMessage(said_)),
    fc
      .tuple(content, toolCalls, invalidCalls)
      .map(
        ([said_, tool_calls, invalid_tool_calls]) => new AIMessage({ content: said_, tool_calls, invalid_tool_calls }),
      ),
    fc.tuple(content, id).map(([said_, call_]) => new ToolMessage({ content: said_, tool_call_id: call_ })),
    fc.tuple(text, text).map(([said_, name]) => new FunctionMessage(said_, name)),
    text.map((said_) => new ChatMessage(said_, "critic")),
  );

  /** What a round trip keeps of a message: all that OpenAI's form can say. */
  const kept = (given: BaseMessage): unknown => ({
    constructor: given.constructor,
    text: given.text,
    name: given.name,
    calls: AIMessage.isInstance(given)
      ? given.tool_calls.map(({ name, args: a, id: i }) => JSON.stringify([name, a, i]))
      : [],
    invalid: AIMessage.isInstance(given)
      ? given.invalid_tool_calls.map(({ name, args: a, id: i }) => [name, a, i])
      : [],
    answers: (given as ToolMessage).tool_call_id,
    role: (given as ChatMessage).role,
  });

  test.each([undefined, "block"] as const)("keep role, text, calls and their ids, from our side: %s", (textFormat) => {
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const back = fromOpenAIMessages(toOpenAIMessages(messages, { textFormat }));
        expect(back.map(kept)).toEqual(messages.map(kept));
      }),
      RUNS,
    );
  });

  test("keep what was written into a message since it came", () => {
    const [answer] = fromOpenAIMessages([
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{ "a": 1 }' } }],
      },
    ]) as [AIMessage];
    answer.content = "hi";
    (answer.tool_calls[0] as { args: object }).args = { a: 2 };
    expect(toOpenAIMessages([answer])).toStrictEqual([
      {
        role: "assistant",
        content: "hi",
        tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"a":2}' } }],
      },
    ]);
  });
});
