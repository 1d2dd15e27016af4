import { describe, expect, it } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { JsonOutputParser } from "../../src/parsers/json-output-parser.ts";
import {
  CommaSeparatedListOutputParser,
  CustomListOutputParser,
  MarkdownListOutputParser,
  NumberedListOutputParser,
} from "../../src/parsers/list-output-parsers.ts";
import type { ParserInput } from "../../src/parsers/message-text.ts";
import {
  JsonKeyOutputFunctionsParser,
  JsonOutputFunctionsParser,
  OutputFunctionsParser,
} from "../../src/parsers/openai/json-output-functions-parsers.ts";
import { JsonOutputKeyToolsParser, JsonOutputToolsParser } from "../../src/parsers/openai/json-output-tools-parsers.ts";
import { XMLOutputParser } from "../../src/parsers/xml-output-parser.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import recorded from "../fixtures/parsers-peer.json" with { type: "json" };
import "../../src/runnables/wiring.ts";

interface Outcome {
  readonly items: readonly unknown[];
  readonly fails?: true;
}

type AnyParser = Runnable<ParserInput, unknown>;

/** Each parser by its name; what the fields are is what the recording says. */
const PARSERS: Readonly<Record<string, (fields: never) => AnyParser>> = {
  JsonOutputParser: (fields) => new JsonOutputParser(fields),
  XMLOutputParser: (fields) => new XMLOutputParser(fields),
  CommaSeparatedListOutputParser: () => new CommaSeparatedListOutputParser(),
  CustomListOutputParser: (fields) => new CustomListOutputParser(fields),
  NumberedListOutputParser: () => new NumberedListOutputParser(),
  MarkdownListOutputParser: () => new MarkdownListOutputParser(),
  JsonOutputToolsParser: (fields) => new JsonOutputToolsParser(fields),
  JsonOutputKeyToolsParser: (fields) => new JsonOutputKeyToolsParser(fields),
  OutputFunctionsParser: (fields) => new OutputFunctionsParser(fields),
  JsonOutputFunctionsParser: (fields) => new JsonOutputFunctionsParser(fields),
  JsonKeyOutputFunctionsParser: (fields) => new JsonKeyOutputFunctionsParser(fields),
};

/** What JSON keeps of an outcome. */
async function outcomeOf(call: (give: (item: unknown) => void) => Promise<void>): Promise<Outcome> {
  const items: unknown[] = [];
  const plain = (): unknown[] => JSON.parse(JSON.stringify(items)) as unknown[];
  try {
    await call((item) => items.push(item));
    return { items: plain() };
  } catch {
    return { items: plain(), fails: true };
  }
}

const streamOf = (parser: AnyParser, chunks: readonly ParserInput[]): Promise<Outcome> =>
  outcomeOf(async (give) => {
    for await (const item of parser.transform(chunks)) give(item);
  });

/**
 * Where we differ on purpose, by the beginning or the whole of a title; the reasons are in docs/decisions. Elsewhere, what the
 * peer gives is what we give, value by value.
 */
const DECIDED: readonly (readonly [reason: string, titles: RegExp])[] = [
  [
    "a stream fails where invoke fails",
    /^stream: JsonOutputParser \{("diff":true)?\} "( *|\{\\"a\\":1|hello|Here.*|.*tail|.*```json\\n\{\\"a\\":1|.*\}\{.*|.*NaN\}|\{'a':1\}|.*,\}|.* no json)"$/,
  ],
  ["null is a value", /^stream: JsonOutputParser \{\} "null"$/],
  ["a fence may have any language", /JsonOutputParser \{\} "```js\\n/],
  ["a fence inside of a text is text", /JsonOutputParser \{\} ".*\\"a\\":\\"```/],
  ["control characters in texts are read", /^invoke: JsonOutputParser \{\} "\{\\"a\\":\\"x\\ny\\"\}"$/],
  ["half an escape or number is not shown", /^stream: JsonOutputParser .* "\{\\"a\\":-1\.5e3/],
  ["an object shows once it has begun", /^stream: JsonOutputParser .* "\{\\"__proto__/],
  [
    "an element shows once its tag is read, and an answer without one is an error",
    /^stream: XMLOutputParser .* "(<a\/>|<a b=|<\?xml|<!--|<!DOC|<n:a>|<\/a>)/,
  ],
  ["an answer without an element is an error", /XMLOutputParser \{\} ""$/],
  ["words and fences around the root are passed over", /XMLOutputParser \{\} "(pre|```)/],
  ["CDATA is text", /CDATA/],
  ["a tag may be named __proto__", /XMLOutputParser .*__proto__/],
  ["what is no markup is text", /XMLOutputParser \{\} "<a>1 [&<] 2/],
  ["empty elements stand in their parent", /XMLOutputParser \{\} "<a><b\/>/],
  ["attributes are passed over, whatever they look like", /XMLOutputParser \{\} "<a b>/],
  ["a stream gives its items, and is counted at its end", /^stream: CustomListOutputParser \{"separator":";"/],
  ["a stream keeps the white space inside of items", /^stream: CustomListOutputParser \{"separator":"\\n"\}/],
  ["a stream without items gives an empty list", /^stream: (Numbered|Markdown)/],
  ["items have no white space around them", /^invoke: (Numbered|Markdown).* "(1\. {2}a|-a)/],
  ["an item ends with its line", /^invoke: Numbered.* "1\.\\n2/],
  [
    "calls of which none can be read are an error",
    /^invoke: JsonOutput(Key)?ToolsParser .* \{"content":"","invalid_tool_calls/,
  ],
  ["arguments may be left empty", /^invoke: .*"arguments":""/],
  ["arguments are an object", /^invoke: JsonOutputFunctionsParser .*"arguments":"null"/],
];

const rows = recorded.flatMap((one) => {
  const {
    parser,
    fields = {},
    input,
    invoke,
    stream,
  } = one as {
    parser: string;
    fields?: object;
    input?: unknown;
    invoke?: Outcome;
    stream?: Outcome;
  };
  const { chunks } = one as { chunks?: object[] };
  const about = `${parser} ${JSON.stringify(fields)} ${JSON.stringify(chunks ?? input)}`;
  const given = typeof input === "string" ? input : new AIMessage(input as never);
  const pieces =
    typeof input === "string"
      ? (input.match(/[\s\S]{1,3}/g) ?? [""])
      : (chunks ?? []).map((chunk) => new AIMessageChunk(chunk as never));
  const made = (): AnyParser => (PARSERS[parser] as (fields: never) => AnyParser)(fields as never);
  return [
    { title: `invoke: ${about}`, peer: invoke, run: () => outcomeOf(async (give) => give(await made().invoke(given))) },
    { title: `stream: ${about}`, peer: stream, run: () => streamOf(made(), pieces) },
  ].filter(({ peer }) => peer !== undefined);
});

describe("the peer's parsers and ours agree, but where it is decided otherwise", () => {
  it.each(rows)("$title", async ({ title, peer, run }) => {
    const isDecided = DECIDED.some(([, titles]) => titles.test(title));
    const ours = await run();
    if (!isDecided) expect(ours).toEqual(peer);
  });

  it.each(DECIDED)("%s", async (_reason, titles) => {
    const decided = rows.filter(({ title }) => titles.test(title));
    const ours = await Promise.all(decided.map(({ run }) => run()));
    // A decision that makes no difference any more is none.
    expect(decided.some(({ peer }, place) => JSON.stringify(peer) !== JSON.stringify(ours[place]))).toBe(true);
  });
});
