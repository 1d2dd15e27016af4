/** Work on whole texts and lists: JSON while it streams, conversations that are trimmed. */

// Loaded once for each library, as this module is: an engine learns from what a function has seen.
const { readAll } = await import(`../parts.mjs${new URL(import.meta.url).search}`);

/** JSON of so many fields, in pieces of twelve characters. Nothing in it is complete before the end. */
export const jsonPieces = (fields) =>
  `{${Array.from({ length: fields }, (_, place) => `"key${place}":${place}`).join(",")}}`.match(/.{1,12}/g);

/** Reads every value that a parser gives while a JSON text arrives. */
export const parseJson =
  (fields) =>
  ({ JsonOutputParser }) => {
    const parser = new JsonOutputParser();
    const pieces = jsonPieces(fields);
    return () => readAll(parser.transform(each(pieces), {}));
  };

async function* each(pieces) {
  yield* pieces;
}

/** Keeps the last messages of a conversation that fit; about a third of it. */
export const trim =
  (count) =>
  ({ AIMessage, HumanMessage, trimMessages }) => {
    const messages = Array.from({ length: count }, (_, place) =>
      place % 2 === 0 ? new HumanMessage(`Tell me of finch ${place}.`) : new AIMessage(`Finch ${place} sings.`),
    );
    const tokenCounter = (list) => list.reduce((sum, message) => sum + message.content.length, 0);
    return () => trimMessages(messages, { maxTokens: count * 6, tokenCounter, strategy: "last" });
  };

const jsonRow = (kilobytes, fields, more) => ({
  name: `JSON parser, ${kilobytes} kB in ${jsonPieces(fields).length.toLocaleString("en")} pieces, per piece`,
  per: jsonPieces(fields).length,
  isAsync: true,
  prepare: parseJson(fields),
  bare: () => {
    const pieces = jsonPieces(fields);
    return () => readAll(each(pieces));
  },
  ...more,
});

export const rows = [
  jsonRow(4, 350),
  jsonRow(75, 5_200, { rounds: 1 }),
  { name: "trimMessages, 2,000 messages, per message", per: 2_000, isAsync: true, prepare: trim(2_000) },
];
