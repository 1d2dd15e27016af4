/** Costs that may grow no faster than what they are a cost of: streams, events, batches, lists, JSON. */
import { chainOf, input, readAll, streamingModel, threeLambdas } from "../peers/parts.mjs";
import { parseJson, trim } from "../peers/scenarios/texts.mjs";

/**
 * The rows. `prepare(n)` makes the work of that size.
 *
 * @param {object} linnet the library.
 * @returns {{ name: string, n: number, isAsync: true, prepare: (n: number) => () => Promise<unknown> }[]}
 */
export function growthRows(linnet) {
  const streamed = (open) => (n) => {
    const chain = chainOf(linnet, streamingModel(linnet, n));
    return async () => readAll(await open(chain));
  };
  const row = (name, n, prepare) => ({ name, n, isAsync: true, prepare });
  return [
    row(
      "chain stream",
      1_000,
      streamed((chain) => chain.stream(input)),
    ),
    row(
      "streamEvents v2",
      500,
      streamed((chain) => chain.streamEvents(input, { version: "v2" })),
    ),
    row(
      "streamEvents by default",
      500,
      streamed((chain) => chain.streamEvents(input, {})),
    ),
    row("batch", 1_000, (n) => {
      const chain = threeLambdas(linnet);
      const inputs = Array.from({ length: n }, (_, place) => place);
      return () => chain.batch(inputs);
    }),
    row("trimMessages", 500, (n) => trim(n)(linnet)),
    row("JSON parser, fields", 500, (n) => parseJson(n)(linnet)),
  ];
}
