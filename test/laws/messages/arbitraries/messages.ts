import fc from "fast-check";
import { AIMessage } from "../../../../src/messages/ai.ts";
import type { BaseMessage } from "../../../../src/messages/base-message.ts";
import { ChatMessage } from "../../../../src/messages/chat.ts";
import { FunctionMessage } from "../../../../src/messages/function.ts";
import { HumanMessage } from "../../../../src/messages/human.ts";
import { RemoveMessage } from "../../../../src/messages/remove.ts";
import { SystemMessage } from "../../../../src/messages/system.ts";
import { ToolMessage } from "../../../../src/messages/tool.ts";
import { given, text } from "./fields.ts";

type Data = Record<string, unknown>;

/** Names that mean something to those who store and revive, or to those who copy. */
const key = fc.constantFrom(
  ..."lc type id kwargs data role content text name tool_calls not_implemented secret toJSON".split(" "),
  "__proto__",
  "constructor",
  "prototype",
  "__lc_escaped__",
);

/** What JSON can hold, with such names at any depth. */
const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false, 0, 1, -1.5, 1e21, "", "constructor"), text),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    // What would be taken for a class or a secret, were it revived.
    fc.record({
      lc: fc.constant(1),
      type: fc.constantFrom("constructor", "secret", "not_implemented"),
      id: fc.constantFrom(["langchain_core", "messages", "SystemMessage"], ["OPENAI_API_KEY"]),
      kwargs: fc.dictionary(key, tie("value"), { maxKeys: 2 }),
    }),
  ),
})).value;

const free = fc.dictionary(key, json, { maxKeys: 4 });

/** Fields that are free, or whose type says little. */
const common = {
  content: fc.oneof(
    text,
    fc.array(
      fc.tuple(text, free).map(([type, more]) => ({ ...more, type })),
      { maxLength: 3 },
    ),
  ),
  additional_kwargs: free.map(({ tool_calls: _read, ...rest }) => rest),
  response_metadata: free,
  id: text,
  name: text,
};

const call = fc.record({
  name: fc.oneof(key, text),
  args: free,
  id: fc.oneof(key, text),
  type: fc.constant("tool_call" as const),
});

const invalidCall = fc.record({
  name: text,
  args: text,
  id: text,
  error: text,
  type: fc.constant("invalid_tool_call" as const),
});

const usage = fc.record({
  input_tokens: fc.nat(),
  output_tokens: fc.nat(),
  total_tokens: fc.nat(),
  input_token_details: fc.dictionary(key, fc.nat(), { maxKeys: 2 }),
});

function fieldsOf(own: Record<string, fc.Arbitrary<unknown>>, needed: string[] = []): fc.Arbitrary<Data> {
  return (
    fc
      .record({ ...common, ...own }, { requiredKeys: ["content", ...needed] as never })
      // By way of JSON, so that two fields share nothing.
      .map((fields) => JSON.parse(JSON.stringify(given(fields))) as Data)
  );
}

/** Any message of each role. */
export const roles: readonly [string, fc.Arbitrary<BaseMessage>][] = [
  [
    "a model's messages",
    fieldsOf({
      tool_calls: fc.array(call, { maxLength: 2 }),
      invalid_tool_calls: fc.array(invalidCall, { maxLength: 2 }),
      usage_metadata: usage,
    }).map((fields) => new AIMessage(fields)),
  ],
  ["a person's messages", fieldsOf({}).map((fields) => new HumanMessage(fields))],
  ["system messages", fieldsOf({}).map((fields) => new SystemMessage(fields))],
  [
    "a tool's messages",
    fieldsOf({ tool_call_id: text, status: fc.constantFrom("success", "error"), artifact: json, metadata: free }, [
      "tool_call_id",
    ]).map((fields) => new ToolMessage(fields as never)),
  ],
  ["a function's messages", fieldsOf({}, ["name"]).map((fields) => new FunctionMessage(fields as never))],
  [
    "messages of a role of its own",
    fieldsOf({ role: text }, ["role"]).map((fields) => new ChatMessage(fields as never)),
  ],
  [
    "requests to remove",
    fc.record({ id: fc.string({ minLength: 1 }), additional_kwargs: free }).map((fields) => new RemoveMessage(fields)),
  ],
];
