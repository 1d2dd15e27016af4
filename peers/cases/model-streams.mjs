/**
 * What the peer's content-block stream and structured output make of a model's chunks and answers: `node
 * cases/model-streams.mjs` writes it down for the tests, and `node cases/model-streams.mjs --check` tells whether it still is so.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";

const FIXTURE = new URL("../../test/fixtures/model-streams-peer.json", import.meta.url);

const said = (text) => ({ content: text });
const part = (...content) => ({ content });
const piece = (index, args, id, name) => ({
  content: "",
  tool_call_chunks: [{ type: "tool_call_chunk", index, args, ...(id && { id, name }) }],
});
const usage = (input, output) => ({
  content: "",
  usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: input + output },
});

/** Streams by name: the fields of each chunk. */
const streams = {
  "of nothing": [],
  "of text": [said("Hel"), said("lo"), said("")],
  "of text, with usage": [said("Hi"), usage(3, 1), usage(0, 4)],
  "of one call": [piece(1, "", "a", "add"), piece(1, '{"x":'), piece(1, "1}")],
  "of text and a call after it": [said("Well"), piece(1, '{"x":1}', "a", "add")],
  "of text and a call of one index": [said("Well"), piece(0, '{"x":1}', "a", "add")],
  "of two calls": [piece(1, '{"x":1}', "a", "add"), piece(2, "{}", "b", "sub")],
  "of two calls that take turns": [
    piece(1, '{"x"', "a", "add"),
    piece(2, "{", "b", "sub"),
    piece(1, ":1}"),
    piece(2, "}"),
  ],
  "of a call that breaks off": [piece(1, '{"x":"half', "a", "add")],
  "of a call without arguments": [piece(1, "", "a", "now")],
  "of whole calls": [{ content: "", tool_calls: [{ name: "add", args: { x: 1 }, id: "a" }] }],
  "of reasoning beside the content": [
    { content: "", additional_kwargs: { reasoning_content: "hm" } },
    { content: "yes" },
  ],
  "of parts of a list": [
    part({ type: "reasoning", reasoning: "h", index: 0 }),
    part({ type: "reasoning", reasoning: "m", index: 0 }),
    part({ type: "text", text: "a", index: 1 }),
    part({ type: "text", text: "b", index: 1 }),
  ],
  "of a provider's own call": [
    part({ type: "server_tool_use", id: "s", name: "web_search", input: {}, index: 1 }),
    part({ type: "input_json_delta", input: '{"q":1}', index: 1 }),
    part({ type: "text", text: "found", index: 2 }),
  ],
  "with an id, and facts of the provider": [
    { content: "Hi", id: "m1" },
    { content: "", response_metadata: { model_name: "wren", finish_reason: "length" } },
  ],
};

const bird = {
  title: "Bird",
  description: "A bird.",
  type: "object",
  properties: { name: { type: "string" } },
  required: ["name"],
};
const call = (name, args) => ({ content: "", tool_calls: [{ name, args, id: "1" }] });
const linnet = call("extract", { name: "linnet" });

/** Structured output by name: the schema, the options, and what the model says, whole or in chunks. */
const structured = {
  "by a call": { said: linnet },
  "by a call, of a chunk": { said: linnet, isChunk: true },
  "by a call with a name": { options: { name: "bird" }, said: call("bird", { name: "linnet" }), isChunk: true },
  "of a function": {
    schema: { name: "listen", description: "Hears.", parameters: bird },
    said: call("listen", { name: "linnet" }),
    isChunk: true,
  },
  "with its message": { options: { includeRaw: true }, said: linnet, isChunk: true },
  "with strict": { options: { strict: true }, said: linnet, isChunk: true },
  "by jsonMode": { options: { method: "jsonMode" }, said: said('{"name":"linnet"}'), isChunk: true },
  "by jsonSchema": { options: { method: "jsonSchema" }, said: said('{"name":"linnet"}'), isChunk: true },
  "by a method that there is none of": { options: { method: "odd" }, said: linnet, isChunk: true },
  "that does not fit": { said: call("extract", { name: 1 }), isChunk: true },
  "that does not fit, with its message": {
    options: { includeRaw: true },
    said: call("extract", { name: 1 }),
    isChunk: true,
  },
  "of a text": { said: said("a linnet"), isChunk: true },
  "of a text, with its message": { options: { includeRaw: true }, said: said("a linnet"), isChunk: true },
  "of another call": { said: call("other", { name: "linnet" }), isChunk: true },
  "in pieces": { chunks: [piece(0, '{"na', "1", "extract"), piece(0, 'me":"lin'), piece(0, 'net"}')] },
  "in pieces, with its message": {
    options: { includeRaw: true },
    chunks: [piece(0, '{"na', "1", "extract"), piece(0, 'me":"linnet"}')],
  },
};

class Says extends BaseChatModel {
  constructor(answer, chunks) {
    super({});
    this.answer = answer;
    if (chunks === undefined) return;
    this._streamResponseChunks = async function* () {
      for (const fields of chunks) {
        const message = new AIMessageChunk(structuredClone(fields));
        yield new ChatGenerationChunk({ text: message.text, message });
      }
    };
  }
  _llmType() {
    return "says";
  }
  async _generate(_messages, { tools, tool_choice, response_format }) {
    this.asked = { tools, tool_choice, response_format };
    return { generations: [{ text: "", message: this.answer }] };
  }
  bindTools(tools, options) {
    return this.withConfig({ tools, ...options });
  }
}

/** Items as they were when they were given: the peer writes to its events later on. */
async function listOf(stream) {
  const items = [];
  for await (const item of stream) items.push(plain(item));
  return items;
}

/** What JSON keeps of what a call gives, or the message that it fails with. */
async function outcomeOf(call) {
  try {
    return { gives: plain(await call()) };
  } catch (error) {
    return { fails: error.message };
  }
}

/** A message by the fields that both libraries have; runs' ids are not the same twice. */
function plain(value) {
  const text = JSON.stringify(value, (_key, inner) => {
    const { lc, id, kwargs } = Object(inner);
    if (lc !== 1 || !Array.isArray(id)) return inner;
    const { content, tool_calls, invalid_tool_calls, usage_metadata, additional_kwargs, response_metadata } = kwargs;
    return { content, tool_calls, invalid_tool_calls, usage_metadata, additional_kwargs, response_metadata };
  });
  return text === undefined ? null : JSON.parse(text);
}

const recorded = { streams: [], structured: [] };
for (const [name, chunks] of Object.entries(streams)) {
  const open = () => new Says(undefined, chunks).streamEvents("x");
  const stream = open();
  recorded.streams.push({
    name,
    chunks,
    events: await outcomeOf(() => listOf(open())),
    message: await outcomeOf(() => open()),
    text: await outcomeOf(() => listOf(stream.text)),
    reasoning: await outcomeOf(() => listOf(stream.reasoning)),
    toolCalls: await outcomeOf(() => listOf(stream.toolCalls)),
    usage: await outcomeOf(async () => (await stream.usage) ?? null),
  });
}
for (const [name, { schema = bird, options = {}, said: answer, isChunk = false, chunks }] of Object.entries(
  structured,
)) {
  const Message = isChunk ? AIMessageChunk : AIMessage;
  const make = () => new Says(answer && new Message(structuredClone(answer)), chunks);
  const model = make();
  recorded.structured.push({
    name,
    schema,
    options,
    ...(chunks ? { chunks } : { said: answer, isChunk }),
    ...(chunks
      ? { stream: await outcomeOf(async () => listOf(await make().withStructuredOutput(schema, options).stream("x"))) }
      : {
          invoke: await outcomeOf(() => model.withStructuredOutput(schema, options).invoke("x")),
          asked: plain(model.asked),
        }),
  });
}

const written = `${JSON.stringify(recorded, null, 1)}\n`;
if (!process.argv.includes("--check")) writeFileSync(FIXTURE, written);
else if (readFileSync(FIXTURE, "utf8") !== written) {
  console.error("The peer's content-block stream or structured output gives something else than is written down.");
  process.exitCode = 1;
}
