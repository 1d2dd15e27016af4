import fc from "fast-check";
import { filterMessages } from "../../../src/history/filter-messages.ts";
import { trimMessages } from "../../../src/history/trim-messages.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";
import { asyncProperty, property, proveLaw } from "./law.ts";
import { expectSame, freezeDeep, seen } from "./seen.ts";

/** Names that objects inherit, and others. */
const name: fc.Arbitrary<string> = fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "a", "b");

const call = fc.record({ id: name, tool: name }).map(({ id, tool }) => ({ id, name: tool, args: {} }));

/** A conversation in which tools, calls, speakers and messages have such names. */
const conversation: fc.Arbitrary<BaseMessage[]> = fc.array(
  fc.oneof(
    fc.record({ name, id: name }).map((fields) => new HumanMessage({ content: "h", ...fields })),
    fc
      .record({ id: name, tool_calls: fc.array(call, { maxLength: 2 }) })
      .map((fields) => new AIMessage({ content: "a", ...fields })),
    fc.record({ tool_call_id: name, name }).map((fields) => new ToolMessage({ content: "t", ...fields })),
  ),
  { maxLength: 8 },
);

/** The ids of the calls that a message makes. */
const callsOf = (message: BaseMessage): (string | undefined)[] =>
  message instanceof AIMessage ? message.tool_calls.map(({ id }) => id) : [];

interface Filter {
  readonly byName: (messages: readonly BaseMessage[], names: string[]) => BaseMessage[];
  readonly byCall: (messages: readonly BaseMessage[], ids: string[]) => BaseMessage[];
}

const filterOurs: Filter = {
  byName: (messages, names) => filterMessages(messages, { excludeNames: names, excludeIds: names }),
  byCall: (messages, ids) => filterMessages(messages, { excludeToolCalls: ids }),
};

const filtersAnyName = ({ byName, byCall }: Filter) =>
  property(conversation, fc.uniqueArray(name, { maxLength: 3 }), (messages, names) => {
    freezeDeep(messages);
    const isNamed = (of: string | undefined): boolean => of !== undefined && names.includes(of);
    const others = messages.filter((message) => !isNamed(message.name) && !isNamed(message.id));
    expectSame(byName(messages, names).map(seen), others.map(seen), "messages without some names");
    const left = byCall(messages, names);
    const expected = messages.filter((message) => !(message instanceof ToolMessage && isNamed(message.tool_call_id)));
    expectSame(left.length, expected.length, "number of messages without some calls");
    for (const [place, message] of left.entries()) {
      const calls = callsOf(expected[place] as BaseMessage).filter((id) => !isNamed(id));
      expectSame(callsOf(message), calls, "calls that are left");
    }
  });

/** What a set of names is, if it is an object. */
const asObject = (names: readonly string[]): Record<string, boolean> => {
  const wanted: Record<string, boolean> = {};
  for (const one of names) wanted[one] = true;
  return wanted;
};

proveLaw(
  "messages are filtered by any name and id",
  filtersAnyName,
  [["filterMessages", filterOurs]],
  [
    [
      "looks names up in an object",
      {
        ...filterOurs,
        byName: (messages, names) => {
          const wanted = asObject(names);
          return messages.filter((message) => !(wanted[message.name ?? ""] || wanted[message.id ?? ""]));
        },
      },
      /messages without some names/,
    ],
    [
      "looks results up in an object",
      {
        ...filterOurs,
        byCall: (messages, ids) => {
          const wanted = asObject(ids);
          const rest = messages.filter((message) => !(message instanceof ToolMessage && wanted[message.tool_call_id]));
          return filterOurs.byCall(rest, ids);
        },
      },
      /number of messages without some calls/,
    ],
    [
      "looks calls up in an object",
      {
        ...filterOurs,
        byCall: (messages, ids) => {
          const wanted = asObject(ids);
          return filterOurs
            .byCall(messages, ids)
            .map((message) =>
              message instanceof AIMessage
                ? new AIMessage({ content: "a", tool_calls: message.tool_calls.filter(({ id }) => !wanted[id ?? ""]) })
                : message,
            );
        },
      },
      /calls that are left/,
    ],
    [
      "takes the calls out of the messages given",
      {
        ...filterOurs,
        byCall: (messages, ids) => {
          for (const message of messages) if (message instanceof AIMessage) message.tool_calls.length = 0;
          return filterOurs.byCall(messages, ids);
        },
      },
      /read only/,
    ],
  ],
);

type Pairing = (messages: BaseMessage[]) => Promise<BaseMessage[]>;

/** With room for everything, all that goes are results of calls that nobody made. */
const pairOurs: Pairing = (messages) =>
  trimMessages(messages, { maxTokens: 1_000_000, tokenCounter: (counted) => counted.length, strategy: "last" });

const pairsAnyName = (pair: Pairing) =>
  asyncProperty(conversation, async (messages) => {
    freezeDeep(messages);
    const made: (string | undefined)[] = [];
    const expected = messages.filter((message) => {
      made.push(...callsOf(message));
      return !(message instanceof ToolMessage) || made.includes(message.tool_call_id);
    });
    expectSame((await pair(messages)).map(seen), expected.map(seen), "messages with their calls");
  });

proveLaw(
  "results are kept with their calls, whatever the id",
  pairsAnyName,
  [["trimMessages", pairOurs]],
  [
    [
      "looks calls up in an object",
      async (messages) => {
        const made: Record<string, boolean> = {};
        return messages.filter((message) => {
          for (const id of callsOf(message)) made[id ?? ""] = true;
          return !(message instanceof ToolMessage) || made[message.tool_call_id];
        });
      },
      /messages with their calls/,
    ],
    ["keeps results that nobody asked for", async (messages) => messages, /messages with their calls/],
    [
      "drops every result",
      async (messages) => messages.filter((message) => !(message instanceof ToolMessage)),
      /messages with their calls/,
    ],
  ],
);
