/**
 * Random answers of models, and the parsers that they are for.
 *
 * A case is `{ parser, fields, pieces }`: a class of parsers, what it is made with, and the pieces of an answer, which are texts
 * or the fields of messages; together they are the whole answer.
 */
import fc from "fast-check";

const FENCE = "```";
const word = fc.constantFrom("linnet", "a bird", "é", "😀", "Ünï", "x", "1.5", "don't");
const key = fc.constantFrom("a", "b", "name", "two words", "é", "type");

const jsonValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(null, true, false, 0, 7, 12, 250),
    word,
    fc.constantFrom("", "line\nbreak", 'a "quote"', "back\\slash", "{", "]", "a,b"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
  object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));

/** A text up to any of its characters. */
const cutAt = (text, place) => {
  const characters = [...text];
  return characters.slice(0, place % characters.length).join("");
};

/** What models do to JSON. */
const jsonTextOf = (value) =>
  fc
    .tuple(
      value,
      fc.constantFrom(0, 0, 2),
      fc.constantFrom(
        "whole",
        "whole",
        "whole",
        "fenced",
        "fenced",
        "fenced js",
        "prose",
        "cut",
        "tail",
        "number",
        "broken",
      ),
      fc.nat(),
    )
    .map(([value, spaces, how, place]) => {
      const json = JSON.stringify(value, undefined, spaces);
      switch (how) {
        case "fenced":
          return place % 2 === 0
            ? `${FENCE}json\n${json}\n${FENCE}`
            : `Here you are:\n\n${FENCE}\n${json}\n${FENCE}\nDone.`;
        case "fenced js":
          return `${FENCE}js\n${json}\n${FENCE}`;
        case "prose":
          return `Here: ${json}`;
        case "cut":
          return cutAt(json, place);
        case "tail":
          return `${json} That is all.`;
        case "number":
          return json.replace(/7|12|250/g, ["-3", "0.25", "1e3", "2E-2"][place % 4]);
        case "broken": {
          const at = place % json.length;
          return json.slice(0, at) + ["'", ",", "}", "nope", "\n", "`"][place % 6] + json.slice(at + (place % 2));
        }
        default:
          return json;
      }
    });

const jsonText = jsonTextOf(
  fc.oneof({ weight: 6, arbitrary: jsonValue.object }, { weight: 1, arbitrary: jsonValue.value }),
);
const structured = jsonTextOf(
  fc.record(
    { a: word, b: fc.oneof({ weight: 4, arbitrary: word }, fc.constant(7)), name: word },
    { requiredKeys: ["a"] },
  ),
);

const tag = fc.constantFrom("a", "b", "item", "ns:x", "bird-1");
const xmlText = fc
  .tuple(
    fc.letrec((tie) => ({
      element: fc
        .tuple(
          tag,
          fc.oneof(
            { maxDepth: 3, depthSize: "small" },
            tie("text"),
            fc.array(tie("element"), { minLength: 1, maxLength: 3 }),
          ),
        )
        .map(([name, inside]) => `<${name}>${Array.isArray(inside) ? inside.join("") : inside}</${name}>`),
      text: fc.constantFrom("linnet", "é", "1 2", "a &amp; b", "&lt;x&gt;", "", "x > y", "&#65;", "<!-- no -->x"),
    })).element,
    fc.constantFrom(
      "whole",
      "whole",
      "whole",
      "fenced",
      "prose",
      "cut",
      "prolog",
      "spaced",
      "attributes",
      "data",
      "broken",
      "doctype",
    ),
    fc.nat(),
  )
  .map(([xml, how, place]) => {
    switch (how) {
      case "fenced":
        return `${FENCE}xml\n${xml}\n${FENCE}`;
      case "prose":
        return `Here: ${xml} Done.`;
      case "cut":
        return cutAt(xml, place);
      case "prolog":
        return `<?xml version="1.0"?>\n${xml}`;
      case "spaced":
        return xml.replaceAll("><", ">\n  <");
      case "attributes":
        return xml.replace("<item>", "<item id=\"1\" lang='en'>");
      case "data":
        return xml.replace("linnet", "<![CDATA[a<b]]>");
      case "broken":
        return xml.replace(/<\/(\w+)>/, ["</other>", "&foo;", "<", "<c/>"][place % 4]);
      case "doctype":
        return `<!DOCTYPE a [<!ENTITY x "y">]>${xml}`;
      default:
        return xml;
    }
  });

const item = fc.oneof({ weight: 4, arbitrary: word }, fc.constantFrom("", " ", "a b", "two\nlines", "1. x", "- y"));
const listText = fc
  .tuple(
    fc.array(item, { maxLength: 5 }),
    fc.constantFrom(", ", ",", ";", "; ", " -- ", "\n", "1. ", "1.  ", "- ", "* ", "  - "),
    fc.boolean(),
  )
  .map(([items, mark, isIntroduced]) => {
    if (!/^\s*(1\.|-|\*) *$/.test(mark)) return items.join(mark);
    const lines = items.map((text, at) => mark.replace("1", String(at + 1)) + text);
    return (isIntroduced ? "Birds:\n\n" : "") + lines.join("\n");
  });

const freeText = fc
  .array(fc.oneof(word, fc.constantFrom(" ", "\n", "", "<b>", "{}")), { maxLength: 6 })
  .map((words) => words.join(" "));

/** A text in pieces; no piece ends within a character, which providers do not do, but for one in some. */
const inPieces = (text) =>
  fc.tuple(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })).map(([whole, sizes]) => {
    const units = [...whole];
    const pieces = [];
    for (let at = 0, turn = 0; at < units.length; turn++) {
      const size = sizes[turn % sizes.length];
      pieces.push(units.slice(at, at + size).join(""));
      at += size;
    }
    return pieces;
  });

/** A piece as a model says it: as a text, a message, or content blocks with others beside them. */
const said = (pieces) =>
  fc.array(fc.constantFrom("message", "message", "blocks", "reasoning"), { minLength: 1, maxLength: 3 }).map((kinds) =>
    pieces.map((text, at) => {
      const kind = kinds[at % kinds.length];
      if (kind === "message") return { content: text };
      const part = { type: "text", text };
      return { content: kind === "blocks" ? [part] : [{ type: "reasoning", reasoning: "hm" }, part] };
    }),
  );
const answer = (text) => {
  const texts = inPieces(text);
  return fc.oneof({ weight: 3, arbitrary: texts }, { weight: 1, arbitrary: texts.chain(said) });
};

/** A call in the shape of OpenAI's API, its arguments in pieces. */
const argumentPieces = inPieces(
  fc
    .tuple(jsonValue.object, fc.constantFrom("whole", "whole", "whole", "whole", "cut", "empty"), fc.nat())
    .map(([args, how, place]) => {
      const json = JSON.stringify(args);
      return how === "cut" ? cutAt(json, place) : how === "empty" ? "" : json;
    }),
);
const calling = fc
  .array(fc.tuple(fc.constantFrom("f", "g"), argumentPieces), { maxLength: 3 })
  .map((calls) => [
    { content: "" },
    ...calls.flatMap(([name, pieces], index) => [
      { content: "", tool_call_chunks: [{ type: "tool_call_chunk", index, name, id: `c${index}`, args: "" }] },
      ...pieces.map((args) => ({ content: "", tool_call_chunks: [{ type: "tool_call_chunk", index, args }] })),
    ]),
  ]);
const functionCalling = argumentPieces.map((pieces) => [
  { content: "", additional_kwargs: { function_call: { name: "f", arguments: "" } } },
  ...pieces.map((args) => ({ content: "", additional_kwargs: { function_call: { arguments: args } } })),
]);

const one = (parser, fields, pieces) =>
  fc.record({ parser: fc.constant(parser), fields: fc.constantFrom(...fields), pieces });

export const parserCase = fc.oneof(
  { weight: 2, arbitrary: one("StringOutputParser", [undefined], answer(freeText)) },
  { weight: 1, arbitrary: one("BytesOutputParser", [undefined], answer(freeText)) },
  { weight: 8, arbitrary: one("JsonOutputParser", [{}, {}, { diff: true }], answer(jsonText)) },
  { weight: 6, arbitrary: one("XMLOutputParser", [{}, {}, { diff: true }], answer(xmlText)) },
  { weight: 2, arbitrary: one("StructuredOutputParser", [{ a: "A." }, { a: "A.", b: "B." }], answer(structured)) },
  { weight: 1, arbitrary: one("JsonMarkdownStructuredOutputParser", [{ a: "A." }], answer(structured)) },
  { weight: 1, arbitrary: one("StandardSchemaOutputParser", [undefined], answer(jsonText)) },
  { weight: 2, arbitrary: one("CommaSeparatedListOutputParser", [undefined], answer(listText)) },
  {
    weight: 3,
    arbitrary: one(
      "CustomListOutputParser",
      [{}, { separator: ";" }, { separator: " -- " }, { separator: "\n" }, { length: 2 }],
      answer(listText),
    ),
  },
  { weight: 2, arbitrary: one("NumberedListOutputParser", [undefined], answer(listText)) },
  { weight: 2, arbitrary: one("MarkdownListOutputParser", [undefined], answer(listText)) },
  { weight: 4, arbitrary: one("JsonOutputToolsParser", [{}, { returnId: true }], calling) },
  {
    weight: 4,
    arbitrary: one("JsonOutputKeyToolsParser", [{ keyName: "f" }, { keyName: "f", returnSingle: true }], calling),
  },
  { weight: 1, arbitrary: one("OutputFunctionsParser", [{}, { argsOnly: false }], functionCalling) },
  {
    weight: 2,
    arbitrary: one("JsonOutputFunctionsParser", [{}, { argsOnly: false }, { diff: true }], functionCalling),
  },
  { weight: 1, arbitrary: one("JsonKeyOutputFunctionsParser", [{ attrName: "a" }], functionCalling) },
);
