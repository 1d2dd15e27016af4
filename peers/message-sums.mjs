/** Sums the chunks of a case with a library, and tells the sum as plain data. */

const FIELDS = [
  "content",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_chunks",
  "usage_metadata",
  "additional_kwargs",
  "response_metadata",
  "id",
  "name",
  "role",
  "tool_call_id",
  "status",
  "artifact",
  "metadata",
];

/** The fields of a message as JSON; those that are undefined are left out. */
export function plainMessage(message) {
  const plain = { class: message.constructor.lc_name(), type: message.type };
  for (const field of FIELDS) if (message[field] !== undefined) plain[field] = message[field];
  return JSON.parse(JSON.stringify(plain));
}

const chunksOf = (library, { role, chunks }) => chunks.map((fields) => new library[role](structuredClone(fields)));

/** The sum from left to right by `concat`; `{ error }` where that throws. */
export function sumByConcat(library, one) {
  try {
    return plainMessage(chunksOf(library, one).reduce((sum, chunk) => sum.concat(chunk)));
  } catch (error) {
    return { error: String(error) };
  }
}

/** The sum by the accumulator. */
export function sumInPlace(linnet, one) {
  return plainMessage(linnet.concatAll(chunksOf(linnet, one)));
}
