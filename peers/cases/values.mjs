/** What random chunks are made of. */
import fc from "fast-check";

/** An optional value: one time in `times` there is one. */
export const rarely = (times, arbitrary) =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: times - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );

/** A field left out and a field that is undefined are the same to all; JSON knows only the first. */
export function clean(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
export const record = (fields) => fc.record(fields).map(clean);

// What is said.
export const word = fc.constantFrom("The", " bird", " sings", ".", "\n", "é", "鳥", "🐦", " ", '"', "\\", "{", "}");
const half = fc.constantFrom("\ud83d", "\udc26");
export const said = fc.oneof(
  { weight: 20, arbitrary: word },
  { weight: 1, arbitrary: half },
  { weight: 3, arbitrary: fc.constant("") },
);
export const count = fc.integer({ min: 0, max: 50 });
export const list = (item, max = 4) => fc.array(item, { maxLength: max });

// Tool calls as they are streamed.
export const toolName = fc.constantFrom("search", "write_file", "get_weather");
export const json = fc.constantFrom(
  "{}",
  '{"q":"bird"}',
  '{"path":"a.txt","lines":["one","two"]}',
  '{"n":-1.5e3,"on":true,"off":null}',
  '{"text":"a \\"quoted\\" \\u00e9 word"}',
);
const brokenJson = fc.constantFrom(
  "",
  "{",
  '{"q":"bi',
  '{"q":',
  '{"q":"line\nline"}',
  '{"q":"a\ttab',
  '{"q":tr',
  '{"q":-',
  '{"q":1.',
  '{"q":"\\',
  '{"q":"\\u00e',
  '{"q":"\\ud83d',
  '{"a":[1,',
  '{"a":{"b":{"c":[{"d":"',
  '{"q" "x"}',
  '{"q":1} x',
  '{"q":1}{"q":2}',
  "{,",
  "[1]",
  "nonsense",
  "3",
  "null",
  '"text"',
);
export const argumentsText = fc.oneof({ weight: 6, arbitrary: json }, { weight: 1, arbitrary: brokenJson });

/** A text cut into pieces. */
const cut = (text, cuts) => {
  const places = [...new Set(cuts.map((share) => Math.floor(share * text.length)))].sort((left, right) => left - right);
  return [0, ...places].map((place, index) => text.slice(place, places[index]));
};
const share = fc.double({ min: 0, max: 0.99, noNaN: true });
export const cutText = (arbitrary, max = 4) =>
  fc.tuple(arbitrary, list(share, max)).map(([text, cuts]) => cut(text, cuts));

/** One call: its first piece has name, id and index, and the others arguments and index. */
export const callOf = (index) =>
  fc
    .record({
      name: toolName,
      pieces: cutText(argumentsText),
      id: fc.constant(`call_${index}`),
      begins: fc.constantFrom("empty", "args"),
    })
    .map(({ name, pieces, id, begins }) => {
      const [first, ...rest] = begins === "empty" ? ["", ...pieces] : pieces;
      const piece = (args) => ({ type: "tool_call_chunk", index, args });
      return [{ ...piece(first), name, id }, ...rest.map(piece)];
    });

export const calls = (max = 3) =>
  fc.integer({ min: 1, max }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, index) => callOf(index))));

// Usage.
const details = (...names) => fc.record(Object.fromEntries(names.map((name) => [name, count])));
export const usage = fc
  .record({
    input_tokens: count,
    output_tokens: count,
    input_token_details: details("cache_read", "audio"),
    output_token_details: details("reasoning", "audio"),
  })
  .map((given) => ({ ...given, total_tokens: given.input_tokens + given.output_tokens }));
export const oddUsage = record({
  requests: rarely(8, count),
  input_tokens: fc.oneof(count, fc.constantFrom(null, undefined)),
  output_tokens: fc.oneof(count, fc.constantFrom(null, undefined)),
  total_tokens: fc.oneof(count, fc.constantFrom(null, undefined)),
  input_token_details: rarely(
    2,
    fc.oneof(
      fc.constantFrom(null, {}, { audio: null }),
      details("cache_creation"),
      details("text", "bird"),
      details("image", "video", "document"),
    ),
  ),
  output_token_details: rarely(2, fc.oneof(fc.constantFrom(null, {}), details("text"), details("song", "reasoning"))),
});

export const facts = fc.oneof(
  record({ finish_reason: fc.constantFrom("stop", "tool_calls"), model_name: rarely(2, fc.constant("finch-1")) }),
  record({ stop_reason: fc.constant("end_turn"), stop_sequence: fc.constant(null), model: fc.constant("finch-1") }),
  record({
    model_provider: fc.constant("birds"),
    system_fingerprint: fc.constant("fp_1"),
    service_tier: rarely(2, fc.constant("x")),
  }),
);
