import fc from "fast-check";
import type { AIMessage } from "../../../src/messages/ai.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../../../src/messages/coerce.ts";
import { HumanMessage, HumanMessageChunk } from "../../../src/messages/human.ts";
import { BaseMessageChunk } from "../../../src/messages/message-chunk.ts";
import { mapChatMessagesToStoredMessages, mapStoredMessagesToChatMessages } from "../../../src/messages/stored.ts";
import type { StoredMessage } from "../../../src/messages/stored-message.ts";
import { kinds } from "./arbitraries/chunks.ts";
import { roles } from "./arbitraries/messages.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame, objectsIn, seen } from "./seen.ts";

type Data = Record<string, unknown>;

/** What stores messages as JSON and makes them again. */
interface Store {
  readonly messages: fc.Arbitrary<BaseMessage>;
  readonly save: (messages: readonly BaseMessage[]) => string;
  readonly load: (json: string) => BaseMessage[];
}

const save: Store["save"] = (messages) => JSON.stringify(mapChatMessagesToStoredMessages(messages));
const load: Store["load"] = (stored) => mapStoredMessagesToChatMessages(JSON.parse(stored) as StoredMessage[]);

const comesBack = ({ messages, save, load }: Store) =>
  property(fc.array(messages, { minLength: 1, maxLength: 2 }), (given) => {
    const before = given.map(seen);
    let loaded: BaseMessage[];
    try {
      loaded = load(save(given));
    } catch (error) {
      throw new Error(`thrown: ${String(error)}`, { cause: error });
    }
    expectSame(given.map(seen), before, "messages after they were saved");
    expectSame(loaded.map(seen), before, "messages loaded");
    for (const [place, message] of loaded.entries()) {
      expectSame(message.constructor, given[place]?.constructor, "class");
      for (const object of objectsIn([message.additional_kwargs, message.response_metadata, message.content])) {
        const prototype: unknown = Object.getPrototypeOf(object);
        if (prototype !== Object.prototype && prototype !== Array.prototype) throw new Error("data that was revived");
      }
    }
    // Once more: what was loaded is as good as what was saved.
    expectSame(save(load(save(loaded))), save(loaded), "messages saved again");
  });

const cases = roles.map(([what, messages]) => [what, { messages, save, load }] as const);
const first = (cases[0] as (typeof cases)[number])[1];

/** A fault in what is written or in what is read. */
const storing = (change: Partial<Store>, role = 0): Store => ({ ...(cases[role]?.[1] ?? first), ...change });

/** Revives what looks like a class, as a store that keeps data and classes in one form has to. */
function revive(_key: string, value: unknown): unknown {
  const { lc, kwargs } = (value ?? {}) as { lc?: unknown; kwargs?: Data };
  return lc === 1 && typeof kwargs === "object" ? new HumanMessage({ content: "revived" }) : value;
}

proveLaw("a message that was stored comes back as it was", comesBack, cases, [
  [
    "revives what looks like a class",
    storing({ load: (stored) => mapStoredMessagesToChatMessages(JSON.parse(stored, revive) as StoredMessage[]) }),
    /thrown|messages loaded/,
  ],
  [
    "resolves what looks like a secret",
    storing({ load: (stored) => load(stored.replaceAll('"OPENAI_API_KEY"', '"sk-1"')) }),
    /messages loaded/,
  ],
  [
    "drops hostile names",
    storing({ load: (stored) => load(stored.replaceAll('"__proto__":', '"dropped":')) }),
    /messages loaded/,
  ],
  [
    "loads the fields by assignment",
    storing({
      load: (stored) =>
        load(stored).map((message) => {
          const copy: Data = {};
          for (const name of Object.keys(message.response_metadata)) copy[name] = message.response_metadata[name];
          message.response_metadata = copy;
          return message;
        }),
    }),
    /messages loaded|revived/,
  ],
  [
    "marks data that has the name of its own form, and leaves the mark",
    storing({ save: (messages) => save(messages).replaceAll('"lc":1', '"__lc_escaped__":1') }),
    /messages loaded/,
  ],
  [
    "loses the name",
    storing({
      save: (messages) =>
        JSON.stringify(messages.map((m) => ({ ...m.toDict(), data: { ...m.lc_kwargs, name: undefined } }))),
    }),
    /messages loaded|thrown/,
  ],
  [
    "loses what a tool keeps for a program",
    storing(
      {
        save: (messages) =>
          JSON.stringify(messages.map((m) => ({ ...m.toDict(), data: { ...m.lc_kwargs, artifact: undefined } }))),
      },
      3,
    ),
    /messages loaded/,
  ],
  [
    "loses calls that cannot be read",
    storing({
      load: (stored) =>
        load(stored).map((message) => {
          (message as AIMessage).invalid_tool_calls = [];
          return message;
        }),
    }),
    /messages loaded/,
  ],
  [
    "makes every message a person's",
    storing({ load: (stored) => load(stored).map((message) => new HumanMessage({ ...message } as never)) }),
    /messages loaded/,
  ],
  [
    "marks the messages that it saved",
    storing({
      save: (messages) => {
        for (const { response_metadata } of messages) response_metadata.isSaved = true;
        return save(messages);
      },
    }),
    /messages after they were saved/,
  ],
  [
    "has no form for what asks to remove",
    storing({ save: (messages) => save(messages).replaceAll('"type":"remove"', '"type":"human"') }, 6),
    /messages loaded|thrown/,
  ],
]);

proveLaw(
  "the plain form of a message is taken for a message too",
  comesBack,
  cases.map(
    ([what, { messages }]) =>
      [
        what,
        {
          messages,
          save: (given: readonly BaseMessage[]) => JSON.stringify(given.map((message) => message.toDict())),
          load: (stored: string) => (JSON.parse(stored) as MessageLike[]).map(coerceMessageLikeToMessage),
        },
      ] as const,
  ),
  [
    [
      "takes the form that names a class",
      storing({
        save: (messages) => JSON.stringify(messages),
        load: (stored) => (JSON.parse(stored) as MessageLike[]).map(coerceMessageLikeToMessage),
      }),
      /thrown: .*serialized/,
    ],
  ],
);

/** The fields of a chunk that its message has too. */
function toldBy(message: BaseMessage): Data {
  const { tool_call_chunks: _pieces, mood: _own, ...fields } = message.toDict().data as Data;
  return JSON.parse(JSON.stringify({ type: message.type, text: message.text, ...fields })) as Data;
}

proveLaw(
  "a chunk that was stored comes back as a message that says the same",
  ({ messages, save, load }: Store) =>
    property(messages, (chunk) => {
      const [loaded] = load(save([chunk])) as [BaseMessage];
      expectSame(toldBy(loaded), toldBy(chunk), "message of a chunk");
      expectSame(BaseMessageChunk.isInstance(loaded), false, "no chunk");
    }),
  kinds.map(({ name, chunk }) => [name, { messages: chunk, save, load }] as const),
  [
    [
      "loses calls that came in pieces",
      {
        messages: (kinds[0] as (typeof kinds)[number]).chunk,
        save: (messages) =>
          JSON.stringify(messages.map((m) => ({ ...m.toDict(), data: { ...m, tool_calls: [], type: undefined } }))),
        load,
      },
      /message of a chunk/,
    ],
    [
      "loads chunks as they were",
      {
        messages: (kinds[1] as (typeof kinds)[number]).chunk,
        save,
        load: (stored) => load(stored).map((message) => new HumanMessageChunk({ ...message } as never)),
      },
      /no chunk/,
    ],
  ],
);
