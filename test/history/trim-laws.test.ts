import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TrimMessagesFields } from "../../src/history/trim-fields.ts";
import { trimMessages } from "../../src/history/trim-messages.ts";
import type { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { ToolMessage } from "../../src/messages/tool.ts";
import { calling, conversation, counters, result } from "./conversations.ts";

type Trim = (messages: BaseMessage[], fields: TrimMessagesFields) => Promise<BaseMessage[]>;

const types = fc.constantFrom(undefined, "human", "ai", "system", ["human", "tool"], ["tool"]);

const last = fc.record({
  strategy: fc.constantFrom(undefined, "last" as const),
  includeSystem: fc.boolean(),
  startOn: types,
});

const fields: fc.Arbitrary<TrimMessagesFields> = fc
  .tuple(
    fc.record({
      maxTokens: fc.integer({ min: 0, max: 90 }),
      tokenCounter: fc.constantFrom(...Object.values(counters)),
      allowPartial: fc.boolean(),
      endOn: types,
      textSplitter: fc.constantFrom(undefined, (text: string) => text.split("")),
    }),
    fc.oneof(last, fc.constant({ strategy: "first" as const })),
  )
  .map(([common, other]) => ({ ...common, ...other }));

/** What a trimmed conversation must be; throws where it is not. */
type Law = (kept: BaseMessage[], messages: BaseMessage[], given: TrimMessagesFields) => void;

const laws: Readonly<Record<string, Law>> = {
  "is what was given, in its order, but for one message in part at the edge": (kept, messages, given) => {
    const partial = kept.filter((message) => !messages.includes(message));
    expect(partial.length).toBeLessThanOrEqual(given.allowPartial ? 1 : 0);
    const places = kept.map((message) => messages.indexOf(message)).filter((place) => place !== -1);
    expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
    const [part] = partial;
    if (part === undefined) return;
    const edge = kept.filter((message) => message !== messages[0] || !given.includeSystem);
    expect(given.strategy === "first" ? kept.at(-1) : edge[0]).toBe(part);
    expect(messages.some((message) => isPartOf(part, message, given.strategy ?? "last"))).toBe(true);
  },
  "counts no more than is allowed": (kept, _messages, { maxTokens, tokenCounter }) => {
    const count = tokenCounter as (list: readonly BaseMessage[]) => number;
    if (kept.length > 0) expect(count(kept)).toBeLessThanOrEqual(maxTokens);
  },
  "has no result without its call before it": (kept) => {
    const called = new Set<string | undefined>();
    for (const message of kept) {
      for (const { id } of callsOf(message)) called.add(id);
      if (message.type === "tool") expect(called.has((message as ToolMessage).tool_call_id)).toBe(true);
    }
  },
  "has no call without the results that it had": (kept, messages) => {
    for (const [place, message] of messages.entries()) {
      if (!kept.includes(message)) continue;
      for (const { id } of callsOf(message)) {
        for (const answer of resultsOf(messages, place, id)) expect(kept).toContain(answer);
      }
    }
  },
  "starts and ends as it may": (kept, messages, { includeSystem, startOn, endOn }) => {
    const [first, ...others] = kept;
    const isKeptSystem =
      includeSystem === true && first !== undefined && first === messages[0] && first.type === "system";
    const body = isKeptSystem ? others : kept;
    if (startOn !== undefined && body[0] !== undefined) expect([startOn].flat()).toContain(body[0].type);
    if (endOn !== undefined && body.length > 0) expect([endOn].flat()).toContain(body.at(-1)?.type);
  },
  "cuts within no character": (kept) => {
    for (const { text } of kept) expect(text).not.toMatch(/\p{Surrogate}/u);
  },
};

function callsOf(message: BaseMessage): readonly { id?: string | undefined }[] {
  return (message as Partial<AIMessage>).tool_calls ?? [];
}

/** The results of a call: those behind it with its id, up to the next call that has it. */
function resultsOf(messages: readonly BaseMessage[], place: number, id: string | undefined): BaseMessage[] {
  const behind = messages.slice(place + 1);
  const next = behind.findIndex((message) => callsOf(message).some((call) => call.id === id));
  const before = next === -1 ? behind : behind.slice(0, next);
  return before.filter((message) => message.type === "tool" && (message as ToolMessage).tool_call_id === id);
}

function isPartOf(part: BaseMessage, whole: BaseMessage, strategy: "first" | "last"): boolean {
  if (part.type !== whole.type || typeof part.content !== typeof whole.content) return false;
  return strategy === "last" ? whole.text.endsWith(part.text) : whole.text.startsWith(part.text);
}

async function holds(trim: Trim, law: Law): Promise<fc.RunDetails<[BaseMessage[], TrimMessagesFields]>> {
  return fc.check(
    fc.asyncProperty(conversation, fields, async (messages, given) => {
      const before = JSON.stringify(messages);
      law(await trim(messages, given), messages, given);
      expect(JSON.stringify(messages)).toBe(before);
    }),
    { numRuns: 1_500 },
  );
}

describe("what trimMessages keeps of any conversation", () => {
  test.each(Object.entries(laws))("%s", async (_title, law) => {
    const details = await holds(trimMessages, law);
    expect(details.failed, fc.defaultReportMessage(details)).toBe(false);
  });

  test("is the most that may be kept, where nothing belongs together", async () => {
    await fc.assert(
      fc.asyncProperty(
        conversation,
        fc.integer({ min: 0, max: 90 }),
        fc.constantFrom(...Object.values(counters)),
        async (all, maxTokens, tokenCounter) => {
          const messages = all.filter((message) => message.type !== "tool" && callsOf(message).length === 0);
          const kept = await trimMessages(messages, { maxTokens, tokenCounter });
          const start = messages.length - kept.length;
          expect(kept).toEqual(messages.slice(start));
          if (start > 0) expect(tokenCounter(messages.slice(start - 1))).toBeGreaterThan(maxTokens);
        },
      ),
    );
  });
});

/** Trims that do what they must not, and the law that each breaks. */
const faults: readonly (readonly [fact: string, law: string, trim: Trim])[] = [
  [
    "turns the order around",
    "is what was given, in its order, but for one message in part at the edge",
    async (messages, given) => (await trimMessages(messages, given)).reverse(),
  ],
  [
    "says the same twice",
    "is what was given, in its order, but for one message in part at the edge",
    async (messages, given) => (await trimMessages(messages, given)).flatMap((message) => [message, message]),
  ],
  [
    "copies messages",
    "is what was given, in its order, but for one message in part at the edge",
    async (messages, given) =>
      (await trimMessages(messages, given)).map((message) =>
        Object.assign(Object.create(Object.getPrototypeOf(message)), message),
      ),
  ],
  [
    "allows one more",
    "counts no more than is allowed",
    (messages, given) => trimMessages(messages, { ...given, maxTokens: given.maxTokens + 1 }),
  ],
  [
    "keeps a result at the edge",
    "has no result without its call before it",
    async (messages, given) => [
      ...messages.filter(({ type }) => type === "tool").slice(0, 1),
      ...(await trimMessages(messages, given)),
    ],
  ],
  [
    "drops results",
    "has no call without the results that it had",
    async (messages, given) => (await trimMessages(messages, given)).filter(({ type }) => type !== "tool"),
  ],
  [
    "forgets the start",
    "starts and ends as it may",
    (messages, given) => trimMessages(messages, { ...given, startOn: undefined }),
  ],
  [
    "forgets the end",
    "starts and ends as it may",
    (messages, given) => trimMessages(messages, { ...given, endOn: undefined }),
  ],
  [
    "cuts between code units",
    "cuts within no character",
    async (messages, given) => {
      const kept = await trimMessages(messages, given);
      for (const message of kept) if (typeof message.content === "string") message.content = message.content.slice(1);
      return kept;
    },
  ],
];

describe("the laws of trimMessages", () => {
  test.each(faults)("are broken by one that %s", async (_fact, law, trim) => {
    expect((await holds(trim, laws[law] as Law)).failed).toBe(true);
  });

  test("are asked of conversations with calls and results", () => {
    const sampled = fc.sample(conversation, 200);
    expect(sampled.filter((messages) => messages.some(({ type }) => type === "tool")).length).toBeGreaterThan(50);
    expect(resultsOf([calling("1"), result("1"), calling("1"), result("1")], 0, "1")).toHaveLength(1);
  });
});
