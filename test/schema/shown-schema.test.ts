import { describe, expect, it, test } from "vitest";
import { shownSchema } from "../../src/schema/shown-schema.ts";

/** A schema of a library that says this of what it takes and gives. */
function saying(input: object, output: () => object) {
  const version = 1 as const;
  return { "~standard": { version, vendor: "test", jsonSchema: { input: () => ({ ...input }), output } } } as never;
}

const open = { type: "object", properties: { a: { type: "string" } } };
const closed = { ...open, additionalProperties: false };

describe("a schema as models are shown it", () => {
  it("is a JSON Schema as it is", () => {
    const schema = { type: "object" };
    expect(shownSchema(schema)).toBe(schema);
  });

  test.each<[what: string, input: object, output: object, shown: object]>([
    ["closed where what comes out is", open, { ...closed, required: ["a"] }, closed],
    [
      "closed inside",
      { items: { anyOf: [open, open] } },
      { items: { anyOf: [closed, open] } },
      { items: { anyOf: [closed, open] } },
    ],
    ["open where other keys come out", open, { ...open, additionalProperties: {} }, open],
    ["as it says itself", { ...open, additionalProperties: {} }, closed, { ...open, additionalProperties: {} }],
    ["open where something else comes out", open, { type: "string" }, open],
    ["open where a list is another", { anyOf: [open] }, { anyOf: [{}, closed] }, { anyOf: [open] }],
    ["open where a list is none", { anyOf: [open] }, { anyOf: {} }, { anyOf: [open] }],
    ["open where only a prototype says it", open, Object.create({ additionalProperties: false }), open],
  ])("is %s", (_what, input, output, shown) => {
    expect(shownSchema(saying(input, () => output))).toEqual(shown);
  });

  it("is what goes in, where the library cannot say what comes out", () => {
    const failing = (): never => {
      throw new Error("no");
    };
    expect(shownSchema(saying(open, failing))).toEqual(open);
  });

  it("writes to nothing that the library keeps, and takes keys as data", () => {
    const input = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"object"}}}');
    const output = JSON.parse(
      '{"properties":{"__proto__":{"additionalProperties":false}},"additionalProperties":false}',
    );
    const shown = shownSchema(saying(input, () => output));
    expect(JSON.stringify(shown)).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"object","additionalProperties":false}},"additionalProperties":false}',
    );
    expect(JSON.stringify(input)).not.toContain("additionalProperties");
  });
});
