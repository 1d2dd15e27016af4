/**
 * Streams as providers send them, chunk by chunk, as the fields that a message chunk is made of. Every library under test
 * makes its own chunks of the same fields, so fields are made anew for each call.
 */

const WORDS = [
  "The",
  " quick",
  " brown",
  " fox",
  " jumps",
  " over",
  " the",
  " lazy",
  " dog",
  ".",
  " And",
  " then",
  "\n",
];

/** Text as models say it: a word or a part of one at a time. */
export const textDelta = (place) => WORDS[place % WORDS.length];

/** What each kind of stream has at a place; `n` is the length of the stream. */
export const streams = {
  /** Text alone. */
  text: (place) => ({ content: textDelta(place) }),

  /** One part of text, in pieces, as providers of content blocks send it. */
  blocks: (place) => ({ content: [{ type: "text", text: textDelta(place), index: 0 }] }),

  /** A model that thinks for the first half of the stream, then answers. */
  reasoning: (place, n) => ({
    content: [
      place < n / 2
        ? { type: "reasoning", reasoning: textDelta(place), index: 0 }
        : { type: "text", text: textDelta(place), index: 1 },
    ],
  }),

  /** Parts that stand for themselves, each of them new. */
  parts: (place) => ({ content: [{ type: "image", url: `https://example.com/${place}.png` }] }),

  /** One tool call: name, id and index first, then its arguments in pieces. */
  toolArguments: (place, n) => ({
    content: "",
    tool_call_chunks: [
      place === 0
        ? { type: "tool_call_chunk", name: "write_file", id: "call_1", index: 0, args: "" }
        : { type: "tool_call_chunk", index: 0, args: argumentsDelta(place, 1, n) },
    ],
  }),

  /** One tool call, its arguments in pieces, then usage. */
  toolAndUsage: (place, n) =>
    place === n - 1 ? { content: "", usage_metadata: usageOf(n) } : streams.toolArguments(place, n - 1),

  /** Four tool calls one after the other, then usage, as OpenAI-like providers send them. */
  toolsAndUsage: (place, n) => {
    if (place === n - 1) return { content: "", usage_metadata: usageOf(n) };
    const length = Math.ceil((n - 1) / 4);
    const index = Math.floor(place / length);
    const start = index * length;
    const end = Math.min(start + length, n - 1);
    const piece =
      place === start
        ? { type: "tool_call_chunk", name: "write_file", id: `call_${index}`, index, args: "" }
        : { type: "tool_call_chunk", index, args: argumentsDelta(place, start + 1, end) };
    return { content: "", tool_call_chunks: [piece] };
  },

  /** Text with the probability of each token, in the place where providers put it. */
  logProbabilities: (place) => ({
    content: textDelta(place),
    response_metadata: { logprobs: { content: [logProbability(place)] } },
  }),
};

/** A piece of `{"path":"…","lines":["…", …]}`; the pieces from `first` up to `end` make one whole object. */
function argumentsDelta(place, first, end) {
  if (end - first < 2) return place === first ? "{}" : "";
  if (place === first) return '{"path":"a.txt","lines":["';
  return place === end - 1 ? '"]}' : `line ${place % 10}", "`;
}

export function usageOf(tokens) {
  return {
    input_tokens: 20,
    output_tokens: tokens,
    total_tokens: 20 + tokens,
    input_token_details: { cache_read: 4 },
    output_token_details: { reasoning: 2 },
  };
}

export function logProbability(place) {
  return {
    token: textDelta(place),
    logprob: -0.25,
    top_logprobs: [
      { token: "a", logprob: -0.25 },
      { token: "b", logprob: -1.5 },
    ],
  };
}

/**
 * The chunks of a stream.
 *
 * @param {new (fields: object) => unknown} Chunk the class of chunk, of any library.
 * @param {keyof typeof streams} kind
 * @param {number} n how many.
 */
export function chunksOf(Chunk, kind, n) {
  return Array.from({ length: n }, (_, place) => new Chunk(streams[kind](place, n)));
}

/** Reads all that a sum has to tell, as its user would: texts whole, tool calls parsed. */
export function read(message) {
  const { content } = message;
  let read = message.tool_calls.length;
  // An engine puts a text together when a character of it is asked for.
  for (const part of typeof content === "string" ? [content] : content) {
    const text = typeof part === "string" ? part : (part.text ?? part.reasoning ?? "");
    read += text === "" ? 0 : text.charCodeAt(text.length >> 1);
  }
  return read;
}
