/** Random programs of prompts: each is data, made of pieces, so that what a program has is known without reading it. */
import fc from "fast-check";

const names = ["a", "b", "bird_1", "$x", "größe"];
const inherited = ["constructor", "toString", "valueOf"];
const aName = fc.constantFrom(...names);
/** Names of placeholders: their values are messages. */
const aPlace = fc.constantFrom("history", "turns");

/** Text without braces, and text that looks like markup, in pieces and in values. */
const plainText = fc.constantFrom(
  "x",
  " ",
  "\n",
  "Hi, ",
  "ü🐦",
  "\\n",
  '"',
  "<b>&amp;",
  "$&",
  "$1",
  "  \n",
  "\r\n",
  "a: ",
);
const templateLike = fc.constantFrom("{a}", "{{b}}", "{", "}}", "{{#a}}", '{"a": 1}', "{{{b}}}", "%s");

const scalars = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
  { weight: 2, arbitrary: templateLike },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null, 0, "") },
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: scalars },
    { weight: 1, arbitrary: fc.array(tie("data"), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.dictionary(aName, tie("data"), { maxKeys: 3, noNullPrototype: true }) },
  ),
}));
/** What linnet decides otherwise, by its kind. */
const oddValues = fc.constantFrom(
  { odd: "undefined", value: undefined },
  { odd: "function", value: () => "called" },
  { odd: "no JSON", value: Number.NaN },
  { odd: "no JSON", value: 10n },
  { odd: "no JSON", value: Symbol("s") },
  { odd: "object", value: new Date(0) },
);
/** Values by name, as pairs; most names have one. */
const values = fc
  .tuple(
    ...names.map((name) =>
      fc.option(
        fc.tuple(
          fc.constant(name),
          fc.oneof({ weight: 80, arbitrary: fc.record({ value: data }) }, { weight: 1, arbitrary: oddValues }),
        ),
        { freq: 20, nil: undefined },
      ),
    ),
  )
  .map((pairs) => pairs.filter((pair) => pair !== undefined));

/** Pieces of an f-string: `text` stands as it is, with doubled braces; `odd` has braces that the libraries read otherwise. */
const fString = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ text: plainText }) },
    { weight: 8, arbitrary: aName.map((name) => ({ text: `{${name}}`, variable: name })) },
    { weight: 2, arbitrary: fc.constantFrom("{{", "}}", '{{"a": 1}}', "{{a}}").map((text) => ({ text })) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc
          .constantFrom("{", "}", "{ a }", "{}", "{0}", "{a.b}", "{a-b}", '{"a": 1}')
          .map((text) => ({ text, odd: "brace" })),
        fc.constantFrom(...inherited).map((name) => ({ text: `{${name}}`, variable: name, odd: "inherited" })),
      ),
    },
  ),
  { maxLength: 6 },
);

/** Pieces of a mustache template; `names` are those looked up, each as its parts. */
const { mustache } = fc.letrec((tie) => ({
  path: fc.oneof(
    { weight: 4, arbitrary: aName.map((name) => [name]) },
    { weight: 2, arbitrary: fc.tuple(aName, aName) },
    { weight: 1, arbitrary: fc.constant(["."]) },
  ),
  piece: fc.oneof(
    { depthSize: "small" },
    { weight: 6, arbitrary: fc.record({ text: plainText }) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(["{{", "}}"], ["{{{", "}}}"], ["{{&", "}}"], ["{{ ", " }}"]), tie("path"))
        .map(([[open, close], path]) => ({ text: `${open}${path.join(".")}${close}`, tag: "", path })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom("#", "^"), tie("path"), fc.constantFrom("", "\n", " "), tie("mustache"))
        .map(([tag, path, space, inside]) => ({
          text: `{{${tag}${path.join(".")}}}${space}${textOf(inside)}{{/${path.join(".")}}}${space}`,
          tag,
          path,
          inside,
        })),
    },
    { weight: 1, arbitrary: fc.constantFrom("{{! note }}", "{{!}}", "{ ", "} ", "{a}").map((text) => ({ text })) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.constantFrom("{{>a}}", "{{=<% %>=}}", "{{}}", "{{#}}", "{{{}}}").map((text) => ({ text, odd: "tag" })),
        fc.constantFrom("{{a|", "{{/a}}", "{{#a}}").map((text) => ({ text, odd: "open" })),
        fc
          .constantFrom(["a", "length"], ["a", "constructor", "name"], ["toString"], ["b", "toFixed"])
          .map((path) => ({ text: `{{${path.join(".")}}}`, tag: "", path, odd: "inherited" })),
      ),
    },
  ),
  mustache: fc.array(tie("piece"), { maxLength: 4, depthSize: "small" }),
}));

export function textOf(pieces) {
  return pieces.map(({ text }) => text).join("");
}

const role = fc.constantFrom("system", "human", "user", "ai", "assistant");

function chatItems(template, format) {
  const block = fc.oneof(
    {
      weight: 3,
      arbitrary: template.map((pieces) => ({ pieces: [pieces], block: { type: "text", text: textOf(pieces) } })),
    },
    {
      weight: 1,
      arbitrary: template.map((pieces) => ({
        pieces: [pieces],
        block: { type: "image_url", image_url: `u${textOf(pieces)}` },
      })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(template, template).map((both) => ({
        pieces: both,
        block: { type: "x", name: textOf(both[0]), of: { list: [textOf(both[1])], on: true, none: null } },
      })),
    },
    {
      weight: 1,
      arbitrary: template.map((pieces) => ({
        pieces: [pieces],
        block: { type: "text", text: textOf(pieces), cache_control: { type: "ephemeral" } },
      })),
    },
  );
  const content = fc.oneof(
    { weight: 4, arbitrary: template.map((pieces) => ({ pieces: [pieces], content: textOf(pieces) })) },
    {
      weight: 1,
      arbitrary: fc.array(block, { minLength: 1, maxLength: 3 }).map((blocks) => ({
        pieces: blocks.flatMap(({ pieces }) => pieces),
        content: blocks.map((one) => one.block),
      })),
    },
  );
  const brackets = format === "mustache" ? ["{{", "}}"] : ["{", "}"];
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(role, content).map(([who, one]) => ({ kind: "tuple", role: who, ...one })) },
      { weight: 2, arbitrary: fc.tuple(role, content).map(([who, one]) => ({ kind: "fields", role: who, ...one })) },
      { weight: 1, arbitrary: fc.tuple(role, content).map(([who, one]) => ({ kind: "template", role: who, ...one })) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(role, plainText, templateLike)
          .map(([who, ...said]) => ({ kind: "message", role: who, said: said.join("") })),
      },
      { weight: 1, arbitrary: aPlace.map((name) => ({ kind: "optional", name, text: brackets.join(name) })) },
      { weight: 1, arbitrary: aPlace.map((name) => ({ kind: "placeholder", name })) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(template, values)
          .map(([pieces, held]) => ({ kind: "chat", pieces: [pieces], content: textOf(pieces), held })),
      },
    ),
    { maxLength: 4 },
  );
}

/** Messages for placeholders: they have names of their own, as other values are no messages. */
const turns = fc.array(fc.tuple(role, fc.string({ maxLength: 5 })), { maxLength: 3 });

function programsOf(template, format) {
  const held = fc.option(values, { freq: 1, nil: [] });
  const kind = (name, fields) =>
    fc.record({ kind: fc.constant(name), format: fc.constant(format), values, held, ...fields });
  return fc.oneof(
    { weight: 4, arbitrary: kind("text", { pieces: fc.tuple(template) }) },
    { weight: 5, arbitrary: kind("chat", { items: chatItems(template, format), turns }) },
    { weight: 1, arbitrary: kind("dict", { pieces: fc.tuple(template, template) }) },
    { weight: 1, arbitrary: kind("image", { pieces: fc.tuple(template) }) },
    {
      weight: 2,
      arbitrary: kind("few shots", {
        pieces: fc.tuple(template, template),
        example: fString,
        examples: fc.array(values, { maxLength: 3 }),
        separator: fc.constantFrom(undefined, "\n", ""),
      }),
    },
    {
      weight: 1,
      arbitrary: kind("few shots of chat", {
        pieces: fc.constant([]),
        example: fString,
        examples: fc.array(values, { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: kind("pipeline", { pieces: fc.tuple(template, template) }) },
    { weight: 1, arbitrary: kind("serialized", { pieces: fc.tuple(template) }) },
  );
}

export const promptPrograms = fc.oneof(
  { weight: 3, arbitrary: programsOf(fString, "f-string") },
  { weight: 2, arbitrary: programsOf(mustache, "mustache") },
);

/** All pieces of a program's templates, those within sections too. */
export function piecesOf(program) {
  const templates = [
    ...(program.pieces ?? []),
    ...(program.items ?? []).flatMap(({ pieces = [] }) => pieces),
    ...(program.example === undefined ? [] : [program.example]),
  ];
  const flat = (pieces) => pieces.flatMap((piece) => [piece, ...flat(piece.inside ?? [])]);
  return templates.flatMap(flat);
}

/** All values of a program, as pairs of a name and what is known of the value. */
export function valuesOf(program) {
  return [
    ...program.values,
    ...program.held,
    ...(program.examples ?? []).flat(),
    ...(program.items ?? []).flatMap(({ held = [] }) => held),
  ];
}
