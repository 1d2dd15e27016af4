/** Streams in the manner of providers, in order. Each is a list of chunks, as fields. */
import fc from "fast-check";
import {
  callOf,
  calls,
  clean,
  count,
  cutText,
  facts,
  json,
  list,
  rarely,
  record,
  said,
  toolName,
  usage,
  word,
} from "./values.mjs";

const empty = { content: "" };
const at = (index, block) => clean({ type: block.type, ...block, index });

/** In the manner of OpenAI: text, or tool deltas with an index, facts and usage at the end, one id. */
export const completions = fc
  .record({
    id: fc.constantFrom("chatcmpl-1", undefined),
    text: list(said, 6),
    calls: rarely(2, calls()),
    facts: rarely(2, facts),
    usage: rarely(2, usage),
    logprobs: rarely(8, fc.constant(true)),
    reasoning: rarely(6, list(said, 3)),
    refusal: rarely(20, list(word, 3)),
    rawCalls: rarely(6, fc.constantFrom("tool_calls", "function_call")),
    interleave: rarely(5, fc.constant(true)),
  })
  .map(({ id, text, calls = [], facts, usage, logprobs, reasoning = [], refusal = [], rawCalls, interleave }) => {
    const pieces = interleave ? takeTurns(calls) : calls.flat();
    return [
      empty,
      ...reasoning.map((piece) => ({ content: "", additional_kwargs: { reasoning_content: piece } })),
      ...refusal.map((piece) => ({ content: "", additional_kwargs: { refusal: piece } })),
      ...text.map((content) =>
        logprobs
          ? { content, response_metadata: { logprobs: { content: [{ token: content, logprob: -1 }] } } }
          : { content },
      ),
      ...pieces.map((piece) => ({ content: "", tool_call_chunks: [piece], ...rawCall(piece, rawCalls) })),
      ...(facts ? [{ content: "", response_metadata: facts }] : []),
      ...(usage ? [{ content: "", usage_metadata: usage }] : []),
    ].map((chunk) => clean({ ...chunk, id }));
  });

/** A piece in OpenAI's own shape, which adapters put beside ours. */
function rawCall({ name, args, id, index }, shape) {
  if (shape === "tool_calls") {
    const called = clean({ name, arguments: args });
    return { additional_kwargs: { tool_calls: [clean({ index, id, type: id && "function", function: called })] } };
  }
  return shape === undefined ? {} : { additional_kwargs: { function_call: clean({ name, arguments: args }) } };
}

function takeTurns(lists) {
  const longest = Math.max(0, ...lists.map((one) => one.length));
  return Array.from({ length: longest }, (_, place) => lists.flatMap((one) => one.slice(place, place + 1))).flat();
}

/** In the manner of Anthropic: parts with an index, each in pieces; usage at both ends. */
export const messagesApi = fc
  .record({
    parts: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: list(said).map((pieces) => ({ kind: "text", pieces })) },
        { weight: 2, arbitrary: list(word).map((pieces) => ({ kind: "thinking", pieces })) },
        { weight: 1, arbitrary: list(word).map((pieces) => ({ kind: "citations", pieces })) },
        { weight: 1, arbitrary: fc.constant({ kind: "redacted_thinking", pieces: [] }) },
        { weight: 2, arbitrary: callOf(7).map((pieces) => ({ kind: "tool", pieces })) },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    input: rarely(2, count),
    output: rarely(2, count),
    facts: rarely(2, facts),
    id: fc.constantFrom("msg_1", undefined),
  })
  .map(({ parts, input, output, facts, id }) => {
    const usageOf = (input_tokens, output_tokens) => ({
      usage_metadata: {
        input_tokens,
        output_tokens,
        total_tokens: input_tokens + output_tokens,
        input_token_details: { cache_read: 1, cache_creation: 0 },
        output_token_details: {},
      },
    });
    return [
      clean({ content: [], ...(input === undefined ? {} : usageOf(input, 0)), id }),
      ...parts.flatMap((part, index) => chunksOfPart(part, index)),
      ...(facts || output !== undefined
        ? [
            {
              content: [],
              ...(output === undefined ? {} : usageOf(0, output)),
              ...(facts ? { response_metadata: facts } : {}),
            },
          ]
        : []),
    ];
  });

function chunksOfPart({ kind, pieces }, index) {
  if (kind === "redacted_thinking") return [{ content: [{ index, type: kind, data: "abc" }] }];
  if (kind === "tool") {
    return pieces.map((piece, place) => ({
      content:
        place === 0
          ? [{ index, type: "tool_use", id: `toolu_${index}`, name: piece.name, input: "" }]
          : [{ index, type: "input_json_delta", input: piece.args }],
      tool_call_chunks: [clean({ ...piece, index, id: piece.id && `toolu_${index}` })],
    }));
  }
  if (kind === "citations") {
    return [
      { content: [{ index, type: "text", text: "" }] },
      ...pieces.flatMap((text) => [
        { content: [{ index, type: "text", text }] },
        { content: [{ index, type: "text", citations: [{ type: "page", cited_text: text, start: 1 }] }] },
      ]),
    ];
  }
  const piece = (text) => ({ content: [{ index, type: kind, [kind]: text }] });
  const chunks = [piece(""), ...pieces.map(piece)];
  if (kind === "thinking") chunks.push({ content: [{ index, type: kind, signature: "c2ln" }] });
  return chunks;
}

/** In the manner of Gemini: whole calls without an index, text or parts without an index, usage as it goes. */
export const generateContent = fc
  .array(
    record({
      content: fc.oneof(
        { weight: 3, arbitrary: said },
        { weight: 1, arbitrary: word.map((text) => [{ type: "text", text }]) },
        { weight: 1, arbitrary: word.map((thinking) => [{ type: "thinking", thinking }]) },
        {
          weight: 1,
          arbitrary: fc.constant([{ type: "inlineData", inlineData: { mimeType: "image/png", data: "aGk=" } }]),
        },
      ),
      tool_call_chunks: rarely(
        5,
        fc
          .record({ type: fc.constant("tool_call_chunk"), name: toolName, args: json, id: fc.uuid() })
          .map((call) => [call]),
      ),
      usage_metadata: rarely(4, usage),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .chain((chunks) =>
    rarely(3, facts).map((last) => (last ? [...chunks, { content: "", response_metadata: last }] : chunks)),
  );

/** Standard blocks with an index of letters, as the peer's translators make them, and whole data blocks. */
export const standardBlocks = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: list(word).map((pieces) => pieces.map((text) => ({ type: "text", text }))) },
      {
        weight: 2,
        arbitrary: list(word).map((pieces) => pieces.map((reasoning) => ({ type: "reasoning", reasoning }))),
      },
      {
        weight: 1,
        arbitrary: cutText(json).map((pieces) =>
          pieces.map((args, place) =>
            clean({ type: "tool_call_chunk", args, id: place ? undefined : "c1", name: place ? undefined : "search" }),
          ),
        ),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(
            { type: "image", mimeType: "image/png", data: "aGk=", id: "img_1" },
            { type: "file", url: "https://example.com/a.pdf", metadata: { name: "a" } },
            { type: "non_standard", value: { kind: "odd", n: 1 } },
            { type: "server_tool_call", id: "srv_1", name: "web_search", args: { query: "bird" } },
            { type: "server_tool_call_result", toolCallId: "srv_1", status: "success", output: { hits: [1] } },
            { type: "tool_call", id: "c9", name: "search", args: { q: "bird" } },
            { type: "image", source_type: "base64", mime_type: "image/png", data: "aGk=" },
            { type: "audio", source_type: "url", url: "https://example.com/a.mp3", metadata: { length: 3 } },
            { type: "text", source_type: "text", text: "a file's text" },
            { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          )
          .map((block) => [block]),
      },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .chain((parts) =>
    fc
      .record({
        keyed: fc.constantFrom("letters", "numbers", "none"),
        version: rarely(3, fc.constantFrom("first", "all")),
        usage: rarely(3, usage),
      })
      .map(({ keyed, version, usage }) => {
        const indexOf = (part) => ({ letters: `lc_txt_${part}`, numbers: part, none: undefined })[keyed];
        const chunks = parts.flatMap((pieces, part) =>
          pieces.map((block) => ({ content: [at(indexOf(part), block)] })),
        );
        const v1 = { response_metadata: { output_version: "v1" } };
        if (version === "first") chunks.unshift({ content: [], ...v1 });
        if (version === "all") for (const chunk of chunks) Object.assign(chunk, v1);
        if (usage !== undefined) chunks.push({ content: "", usage_metadata: usage });
        return chunks.length > 0 ? chunks : [empty];
      }),
  );
