/** Batches, per item. */

// Loaded once for each library, as this module is: an engine learns from what a function has seen.
const { threeLambdas } = await import(`../parts.mjs${new URL(import.meta.url).search}`);

const row = (name, items, more) => ({
  name,
  per: items,
  isAsync: true,
  prepare: (library) => {
    const chain = threeLambdas(library);
    const inputs = Array.from({ length: items }, (_, place) => place);
    return () => chain.batch(inputs);
  },
  bare: () => {
    const inputs = Array.from({ length: items }, (_, place) => place);
    return () => Promise.all(inputs.map(async (number) => (number + 1) * 2 - 1));
  },
  ...more,
});

export const rows = [
  row("batch of 1,000, per item", 1_000, { atLeast: 35 }),
  row("batch of 100,000, per item", 100_000, { rounds: 3 }),
];
