import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyJsonPatch, type JsonPatchOperation } from "../../src/json/json-patch.ts";
import { parsePartialJson } from "../../src/json/partial-json.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { JsonOutputParser, parseJsonMarkdown } from "../../src/parsers/json-output-parser.ts";
import type { ParserInput } from "../../src/parsers/message-text.ts";
import { JsonOutputFunctionsParser } from "../../src/parsers/openai/json-output-functions-parsers.ts";
import { JsonOutputKeyToolsParser } from "../../src/parsers/openai/json-output-tools-parsers.ts";
import { XMLOutputParser } from "../../src/parsers/xml-output-parser.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";

type AnyParser = Runnable<ParserInput, unknown>;
type Said = (text: string) => readonly ParserInput[];

const cut = (text: string, size = 12): string[] => text.match(new RegExp(`.{1,${size}}`, "gsu")) ?? [""];

const asCall = (args: string, at: number): AIMessageChunk =>
  new AIMessageChunk({ content: "", tool_call_chunks: [{ index: 0, args, ...(at === 0 && { name: "f", id: "1" }) }] });
const asFunctionCall = (args: string, at: number): AIMessageChunk =>
  new AIMessageChunk({
    content: "",
    additional_kwargs: { function_call: { arguments: args, ...(at === 0 && { name: "f" }) } },
  });

/** Every parser that reads JSON while it is said, and how it is said to it. */
const READERS: readonly (readonly [name: string, make: (diff: boolean) => AnyParser, say: Said])[] = [
  ["JsonOutputParser", (diff) => new JsonOutputParser({ diff }), cut],
  [
    "JsonOutputKeyToolsParser",
    (diff) => new JsonOutputKeyToolsParser({ keyName: "f", returnSingle: true, diff }),
    (text) => cut(text).map(asCall),
  ],
  [
    "JsonOutputFunctionsParser",
    (diff) => new JsonOutputFunctionsParser({ diff }),
    (text) => cut(text).map(asFunctionCall),
  ],
];

async function shownBy(parser: AnyParser, pieces: readonly ParserInput[]): Promise<unknown[]> {
  const shown: unknown[] = [];
  for await (const value of parser.transform(pieces)) shown.push(value);
  return shown;
}

/** What patches make, one after the other. */
function patched(patches: readonly unknown[]): unknown[] {
  let value: unknown;
  return patches.map((patch) => {
    value = applyJsonPatch(value, patch as JsonPatchOperation[]);
    return value;
  });
}

describe("J01: JSON with keys that are names of what objects inherit", () => {
  const text = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"x":"yes"}';
  const expectOwn = (value: unknown): void => {
    const { isAdmin } = value as { isAdmin?: unknown };
    expect([isAdmin, Object.getPrototypeOf(value)]).toEqual([undefined, Object.prototype]);
    expect(["__proto__", "constructor", "x"]).toEqual(expect.arrayContaining(Object.keys(value as object)));
  };

  it.each(READERS)("is own data to %s, at every place", async (_name, make, say) => {
    const [values, patches] = [await shownBy(make(false), say(text)), await shownBy(make(true), say(text))];
    for (const value of [...values, ...patched(patches)]) expectOwn(value);
    expect(JSON.stringify(values.at(-1))).toBe(text);
    expect(JSON.stringify(patched(patches).at(-1))).toBe(text);
    expect({}).not.toHaveProperty("isAdmin");
  });

  it("is own data to the functions", () => {
    for (let end = 1; end <= text.length; end++) {
      expectOwn(parsePartialJson(text.slice(0, end)));
      expectOwn(parseJsonMarkdown(text.slice(0, end)));
    }
  });
});

describe("J02: 75 kB of JSON in 6,400 pieces", () => {
  const count = (length: number, item: (at: number) => string): string =>
    Array.from({ length }, (_, at) => item(at)).join(",");
  const documents: readonly (readonly [what: string, make: (size: number) => string])[] = [
    ["one flat object", (size) => `{${count(5_200 * size, (at) => `"key${at}":${at}`)}}`],
    ["one flat list", (size) => `[${count(14_700 * size, String)}]`],
    ["a list of objects", (size) => `[${count(1_900 * size, (at) => `{"id":${at},"name":"bird ${at}","on":true}`)}]`],
    ["one text", (size) => `{"text":"${"a bird sings ".repeat(5_770 * size)}"}`],
    ["one number", (size) => "1".repeat(75_000 * size)],
    ["words and fences without JSON", (size) => "``word ".repeat(10_700 * size)],
  ];
  const ways: readonly (readonly [how: string, diff: boolean])[] = [
    ["values", false],
    ["patches", true],
  ];
  const cases = documents.flatMap(([what, make]) => ways.map(([how, diff]) => [what, how, make, diff] as const));

  /** The best time of some rounds, in milliseconds; a busy machine has a few more. How fast it is on a quiet one, `npm run loads` tells. */
  async function timeOf(text: string, diff: boolean, goal: number): Promise<number> {
    const pieces = cut(text);
    let best = Infinity;
    for (let round = 0; round < 8 && (round < 2 || best > goal); round++) {
      const start = performance.now();
      await shownBy(new JsonOutputParser({ diff }), pieces).catch(() => undefined);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  }

  it.each(cases)(
    "are read soon, and twice as many in less than three times that: %s, %s",
    async (_what, _how, make, diff) => {
      expect(make(1).length).toBeGreaterThan(70_000);
      const once = await timeOf(make(1), diff, 60);
      expect(once).toBeLessThan(600);
      // What is quadratic takes four times as long, and seconds; what is less than that is noise.
      const most = 3 * once + 200;
      expect(await timeOf(make(2), diff, most)).toBeLessThan(most);
    },
    20_000,
  );
});

describe("J04: 200,000 open brackets", () => {
  const texts = ["[".repeat(200_000), '{"a":'.repeat(200_000), `{"a":${"[".repeat(200_000)}`];
  const refused = expect.objectContaining({ code: "OUTPUT_PARSING_FAILURE" });

  it.each(READERS)("are refused by %s, quickly and without running out of stack", async (_name, make, say) => {
    for (const text of texts) {
      const start = performance.now();
      const pieces = say(text).slice(0, 2_000);
      await expect(shownBy(make(false), pieces)).rejects.toEqual(refused);
      await expect(shownBy(make(true), pieces)).rejects.toEqual(refused);
      expect(performance.now() - start).toBeLessThan(3_000);
    }
  });

  it("are refused by the functions", async () => {
    for (const text of texts) {
      expect(() => parsePartialJson(text)).toThrow(refused);
      expect(parseJsonMarkdown(text)).toBeUndefined();
      await expect(new JsonOutputParser().invoke(text)).rejects.toEqual(refused);
    }
  });
});

describe("J05: hostile XML", () => {
  const parser = new XMLOutputParser();
  const bomb = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at || ""};`.repeat(10)}">`).join("")}]><lolz>&lol9;</lolz>`;
  const external = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><a>&xxe;</a>';

  it.each([
    ["an entity bomb", bomb],
    ["a bomb in a fence", `Sure:\n\`\`\`xml\n${bomb}\n\`\`\``],
    ["an external entity", external],
    ["an external document type", '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>'],
    ["a parameter entity", '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.com/p"> %p;]><a/>'],
    ["a declaration inside of an element", '<a><!ENTITY x "y">&x;</a>'],
    ["an entity that is none", "<a>&lol;</a>"],
    ["20,000 elements within each other", `${"<a>".repeat(20_000)}x${"</a>".repeat(20_000)}`],
    ["20,000 elements that are never closed", "<a>".repeat(20_000)],
  ])("is refused by a typed error, at once: %s", async (_what, text) => {
    const start = performance.now();
    const refused = expect.objectContaining({
      name: "OutputParserException",
      code: "OUTPUT_PARSING_FAILURE",
      llmOutput: text,
    });
    await expect(parser.invoke(text)).rejects.toEqual(refused);
    await expect(shownBy(parser, cut(text))).rejects.toEqual(refused);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("has tags for keys, whatever they are named", async () => {
    const text = "<__proto__><isAdmin>1</isAdmin><constructor>2</constructor></__proto__>";
    for (const value of await shownBy(parser, cut(text, 3))) {
      expect(Object.keys(value as object)).toEqual(["__proto__"]);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
    expect(JSON.stringify(await parser.invoke(text))).toBe('{"__proto__":[{"isAdmin":"1"},{"constructor":"2"}]}');
  });

  it("has attributes that hold no markup, and fences that hold no second root", async () => {
    expect(await parser.invoke('<a onload="</a><b>" x=\'"\'>1</a>')).toEqual({ a: "1" });
    expect(await parser.invoke("```xml\n<a>1</a>\n```\n<b>2</b>")).toEqual({ a: "1" });
  });
});

describe("what a parser shows", () => {
  const anyText = fc.string({
    maxLength: 6,
    unit: fc.constantFrom("a", "é", "😀", '"', "\\", "\n", " ", "-", "<", "&"),
  });
  const anyValue = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      anyText,
      fc.constantFrom(null, true, 0, -12.5, 1e21),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(anyText, tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const anyElement = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(
        fc.constantFrom("a", "b", "__proto__"),
        fc.oneof(
          { maxDepth: 3 },
          anyText.map((text) => text.replace(/[<&]/g, "&amp;")),
          fc.array(tie("element"), { maxLength: 3 }),
        ),
      )
      .map(([tag, inside]) => `<${tag}>${Array.isArray(inside) ? inside.join("<!-- -->") : inside}</${tag}>`),
  })).element;
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

  function piecesOf(text: string, [...lengths]: readonly number[]): string[] {
    const pieces: string[] = [];
    for (let at = 0, turn = 0; at < text.length; turn++) {
      const length = lengths[turn % lengths.length] as number;
      pieces.push(text.slice(at, at + length));
      at += length;
    }
    return pieces;
  }

  /** Whether a value is a beginning of another. */
  function isBeginning(part: unknown, whole: unknown): boolean {
    if (typeof part === "string" && part === "" && Array.isArray(whole)) return true;
    if (typeof part === "string") return typeof whole === "string" && whole.startsWith(part);
    if (typeof part === "number") return typeof whole === "number";
    if (typeof part !== "object" || part === null) return part === whole;
    if (typeof whole !== "object" || whole === null || Array.isArray(part) !== Array.isArray(whole)) return false;
    return Object.entries(part).every(
      ([key, value]) => Object.hasOwn(whole, key) && isBeginning(value, (whole as Record<string, unknown>)[key]),
    );
  }

  const fenced = (text: string): string => `So:\n\`\`\`\n${text}\n\`\`\`\nDone.`;
  it.each<[what: string, make: (diff: boolean) => AnyParser, text: fc.Arbitrary<string>]>([
    ["JSON", (diff) => new JsonOutputParser({ diff }), anyValue.map((value) => JSON.stringify(value))],
    [
      "indented JSON in a fence",
      (diff) => new JsonOutputParser({ diff }),
      anyValue.map((value) => fenced(JSON.stringify(value, undefined, 2))),
    ],
    ["XML", (diff) => new XMLOutputParser({ diff }), anyElement],
  ])(
    "of %s is a beginning of what follows, stays as it is, is well-formed, and ends with the whole, wherever it is cut",
    async (_what, make, text) => {
      await fc.assert(
        fc.asyncProperty(text, sizes, async (said, lengths) => {
          const pieces = piecesOf(said, lengths);
          const values: unknown[] = [];
          const atFirst: string[] = [];
          for await (const value of make(false).transform(pieces)) {
            values.push(value);
            atFirst.push(JSON.stringify(value));
          }
          expect(values.map((value) => JSON.stringify(value))).toEqual(atFirst);
          for (const [at, value] of values.entries()) {
            if (at > 0)
              expect([values[at - 1], value, isBeginning(values[at - 1], value)]).toEqual([
                values[at - 1],
                value,
                true,
              ]);
            expect(atFirst[at]).not.toMatch(/\\ud[89a-f]/);
          }
          const whole = await make(false).invoke(said);
          expect(JSON.stringify(values.at(-1))).toBe(JSON.stringify(whole));
          expect(patched(await shownBy(make(true), pieces))).toEqual(values);
        }),
        { numRuns: 500 },
      );
    },
  );
});
