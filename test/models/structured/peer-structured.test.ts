import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk, type AIMessageChunkFields } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import fixture from "../../fixtures/model-streams-peer.json" with { type: "json" };
import { collect } from "../../helpers/steps.ts";
import { CallsModel, StreamsModel } from "./models.ts";

interface Outcome {
  readonly gives?: unknown;
  readonly fails?: string;
}

interface Recorded {
  readonly name: string;
  readonly schema: { readonly type: "object"; readonly title?: string };
  readonly options: Record<string, never>;
  readonly said?: AIMessageChunkFields;
  readonly isChunk?: boolean;
  readonly chunks?: readonly AIMessageChunkFields[];
  readonly invoke?: Outcome;
  readonly stream?: Outcome;
  readonly asked?: Readonly<Record<string, unknown>>;
}

const recorded = fixture.structured as unknown as readonly Recorded[];

/** Where we differ on purpose: rows of docs/decisions/0026, with what we do. */
const DECIDED: Readonly<Record<string, unknown>> = {
  "by a call": { gives: { name: "linnet" } },
  "with strict": { gives: { name: "linnet" } },
  "by jsonMode": { gives: { name: "linnet" } },
  "by jsonSchema": { gives: { name: "linnet" } },
  "by a method that there is none of": { fails: /^Expected method to be one of functionCalling/ },
  "that does not fit": { fails: /^Expected a call of "extract" that fits its schema/ },
  "that does not fit, with its message": { parsed: null, fails: /^Expected a call of "extract" that fits/ },
  "of a text, with its message": { parsed: null, fails: /^Expected the model to call "extract", got a string/ },
  "in pieces": { gives: [{}, { name: "lin" }, { name: "linnet" }] },
  "in pieces, with its message": { gives: ["raw", "parsed", "raw", "parsed"] },
};

/** What both have names for: the parsed value, what is said of failures, the message's calls. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  const { raw, parsed } = Object(value) as { raw?: BaseMessage & { tool_calls?: unknown }; parsed?: unknown };
  if (raw === undefined) return value;
  const calls = JSON.parse(JSON.stringify(raw.tool_calls ?? [])) as { type?: string }[];
  for (const call of calls) delete call.type;
  return { raw: { text: raw.content, calls }, parsed, isExplained: "parsing_error" in (value as object) };
}

async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { gives: await call() };
  } catch (error) {
    return { fails: (error as Error).message };
  }
}

function modelOf({ said = {}, isChunk, chunks }: Recorded): CallsModel {
  if (chunks !== undefined) return new StreamsModel(chunks.map((fields) => new AIMessageChunk(fields)));
  return new CallsModel(isChunk ? (new AIMessageChunk(said) as unknown as AIMessage) : new AIMessage(said));
}

/** The title of a schema is the name that we ask by; the peer has another. */
function untitled(schema: Recorded["schema"]): Recorded["schema"] {
  return "title" in schema ? { ...schema, title: "extract" } : schema;
}

describe.each(recorded)("structured output $name", (row) => {
  const { name, schema, options, chunks } = row;
  const call = (): Promise<Outcome> =>
    outcomeOf(async () => {
      const reads = modelOf(row).withStructuredOutput(untitled(schema), options);
      return chunks === undefined ? reads.invoke("x") : collect(await reads.stream("x"));
    });
  const peers = row.invoke ?? row.stream ?? {};

  test("gives what the peer gives, but for what is decided", async () => {
    const ours = await call();
    const decided = DECIDED[name] as { gives?: unknown; fails?: RegExp; parsed?: null } | undefined;
    if (decided === undefined) {
      expect(comparable(ours.gives)).toEqual(comparable(peers.gives));
      expect(ours.fails === undefined).toBe(peers.fails === undefined);
      return;
    }
    expect(comparable(ours.gives ?? ours)).not.toEqual(comparable(peers.gives ?? peers));
    if ("parsed" in decided) {
      const { parsed, parsing_error } = ours.gives as { parsed: unknown; parsing_error: Error };
      expect(parsed).toBeNull();
      expect(parsing_error.message).toMatch(decided.fails as RegExp);
    } else if (decided.fails !== undefined) expect(ours.fails).toMatch(decided.fails);
    else if (name === "in pieces, with its message") {
      expect((ours.gives as object[]).map((chunk) => Object.keys(chunk).join())).toEqual(decided.gives);
    } else expect(ours.gives).toEqual(decided.gives);
  });
});

const ASKING = recorded.filter(({ name, asked }) => asked !== undefined && !/strict|method|json|function/.test(name));

test.each(ASKING)("structured output $name asks the model as the peer does, and that it must call", async (row) => {
  const model = modelOf(row);
  await outcomeOf(() => model.withStructuredOutput(untitled(row.schema), row.options).invoke("x"));
  const asked = JSON.parse(JSON.stringify(model.asked[0]).replaceAll('"title":"extract"', '"title":"Bird"'));
  expect(asked).toEqual({ ...row.asked, tool_choice: "any" });
});
