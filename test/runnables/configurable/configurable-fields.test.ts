import { describe, expect, it, vi } from "vitest";
import "../../../src/runnables/configurable/wiring.ts";
import "../../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../../src/callbacks/async-context.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import { SimpleChatModel } from "../../../src/models/simple-chat-model.ts";
import { PromptTemplate } from "../../../src/prompts/prompt-template.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableConfigurableFields } from "../../../src/runnables/configurable/configurable-fields.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../../src/runnables/sequence.ts";
import { type Call, recordingHandler } from "../../helpers/handlers.ts";
import { assertNoPoisoning } from "../../helpers/poisoning.ts";
import { collect } from "../../helpers/steps.ts";

const parrot = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 2, maxTokens: 9 });
const LENGTH = { parrotBufferLength: { id: "length", name: "Length", description: "how much is echoed" } };
const model = parrot.configurableFields(LENGTH);
const withLength = (length: unknown): RunnableConfig => ({ configurable: { length } });
const textOf = (message: { text: string }): string => message.text;

/** A model as users write them: its constructor takes an object of fields. */
class Repeater extends SimpleChatModel {
  times: number;
  mark: string;

  constructor(fields: { times: number; mark?: string }) {
    super({});
    this.times = fields.times;
    this.mark = fields.mark ?? "!";
  }

  _llmType(): string {
    return "repeater";
  }

  async _call(messages: BaseMessage[]): Promise<string> {
    return `${messages.at(-1)?.text.repeat(this.times)}${this.mark}`;
  }
}

/** Adds to a number; says how it was made. */
class Adder extends Runnable<number, number> {
  static made: unknown[] = [];
  readonly by: number;

  constructor(fields: { by: number }) {
    super();
    Adder.made.push({ ...fields });
    this.by = fields.by;
  }

  override async invoke(input: number): Promise<number> {
    return input + this.by;
  }
}

describe("configurableFields", () => {
  it("runs the runnable itself where nothing is set", async () => {
    expect((await model.invoke("hello")).text).toBe("he");
    for (const configurable of [{}, { other: 1 }, { length: undefined }, { parrotBufferLength: 4 }]) {
      expect((await model.invoke("hello", { configurable })).text).toBe("he");
    }
    const fields = new RunnableConfigurableFields({ default: parrot, fields: LENGTH });
    expect(fields.prepare({ configurable: {} })).toBe(parrot);
    expect(fields.prepare()).toBe(parrot);
  });

  it("makes it anew with what a call sets, its other fields kept", async () => {
    const fields = new RunnableConfigurableFields({ default: parrot, fields: LENGTH });
    const made = fields.prepare(withLength(4)) as ChatParrotLink;
    expect(made).toBeInstanceOf(ChatParrotLink);
    expect([made.parrotBufferLength, made.modelName, made.maxTokens]).toEqual([4, "bird-brain-001", 9]);
    expect(parrot.parrotBufferLength).toBe(2);
    expect((await model.invoke("hello", withLength(4))).text).toBe("hell");
    expect((await model.invoke("hello")).text).toBe("he");
  });

  it("streams, transforms and batches with it, each item with its own config", async () => {
    expect((await collect(await model.stream("hello", withLength(3)))).map(textOf)).toEqual(["h", "e", "l", ""]);
    expect((await collect(model.transform(["hel", "lo"], withLength(4)))).map(textOf).join("")).toBe("hell");
    const batched = await model.batch(["hello", "hello", "hello"], [withLength(1), {}, withLength(3)]);
    expect(batched.map(textOf)).toEqual(["h", "he", "hel"]);
    expect((await model.batch(["abc", "def"], withLength(1))).map(textOf)).toEqual(["a", "d"]);
  });

  it("works bound, in sequences, maps, retries and nested calls", async () => {
    const bound = model.withConfig(withLength(1));
    expect((await bound.invoke("hello")).text).toBe("h");
    expect((await bound.invoke("hello", withLength(3))).text).toBe("hel");
    const chain = RunnableLambda.from((text: string) => `${text}!`)
      .pipe(model)
      .pipe(textOf);
    expect(await chain.invoke("hello", withLength(6))).toBe("hello!");
    expect((await collect(await chain.stream("hello", withLength(6)))).join("")).toBe("hello!");
    const map = RunnableMap.from({ a: model, b: model.withRetry() });
    const { a, b } = await map.invoke("hello", withLength(5));
    expect([textOf(a as BaseMessage), textOf(b as BaseMessage)]).toEqual(["hello", "hello"]);
    const nested = RunnableLambda.from(async (text: string, config) => textOf(await model.invoke(text, config)));
    expect(await nested.invoke("hello", withLength(4))).toBe("hell");
  });

  it("finds the values of the surrounding run where an async context is installed", async () => {
    let present: unknown;
    installAsyncContext({
      get: () => present,
      run: (value, call) => {
        const before = present;
        present = value;
        try {
          return call();
        } finally {
          present = before;
        }
      },
    });
    try {
      const nested = RunnableLambda.from((text: string) => model.invoke(text));
      expect(textOf(await nested.invoke("hello", withLength(4)))).toBe("hell");
    } finally {
      installAsyncContext(undefined);
    }
  });

  it("has no run of its own, and goes by the name of what it stands for", async () => {
    const calls: Call[] = [];
    await model.invoke("hello", { ...withLength(4), callbacks: [recordingHandler(calls)], runName: "mine" });
    await model.invoke("hello", { callbacks: [recordingHandler(calls)] });
    const starts = calls.filter(([method]) => method.endsWith("Start"));
    expect(starts.map(([method, ...given]) => [method, given.at(-1)])).toEqual([
      ["handleChatModelStart", "mine"],
      ["handleChatModelStart", "ChatParrotLink"],
    ]);
    expect(model.getName()).toBe("ChatParrotLink");
    expect(RunnableConfigurableFields.lc_name()).toBe("RunnableConfigurableFields");
  });

  it("gives the events of what it stands for", async () => {
    const events = await collect(model.streamEvents("hello", { version: "v2", ...withLength(1) }));
    expect(events.map(({ event }) => event)).toEqual([
      "on_chat_model_start",
      "on_chat_model_stream",
      "on_chat_model_stream",
      "on_chat_model_end",
    ]);
  });

  it("works on prompts and on models that users write", async () => {
    const prompt = PromptTemplate.fromTemplate("say {word}", { partialVariables: { other: "x" } });
    const configurable = prompt.configurableFields({ template: { id: "text" } });
    expect((await configurable.invoke({ word: "hi" }, { configurable: { text: "shout {word}{other}" } })).value).toBe(
      "shout hix",
    );
    const repeater = new Repeater({ times: 2, mark: "?" }).configurableFields({ times: { id: "times" } });
    expect((await repeater.invoke("ab", { configurable: { times: 3 } })).text).toBe("ababab?");
  });

  it("keeps fields that were configurable before, and can be followed by alternatives", async () => {
    const both = model.configurableFields({ maxTokens: { id: "most" } });
    expect((await both.invoke("hello", { configurable: { length: 4, most: 3 } })).text).toBe("hel");
    const chosen = both.configurableAlternatives(
      { id: "bird" },
      { alternatives: { repeater: new Repeater({ times: 2 }) } },
    );
    expect((await chosen.invoke("hello", { configurable: { bird: "repeater", length: 1 } })).text).toBe("hellohello!");
    expect((await chosen.invoke("hello", { configurable: { bird: "default", length: 1 } })).text).toBe("h");
  });

  it("makes one for calls with the same values, and another for others", async () => {
    Adder.made = [];
    const adder = new Adder({ by: 1 }).configurableFields({ by: { id: "by" } });
    const config = (by: number): RunnableConfig => ({ configurable: { by } });
    expect(await adder.batch([1, 2, 3], config(5))).toEqual([6, 7, 8]);
    expect(Adder.made).toEqual([{ by: 1 }, { by: 5 }]);
    expect(await adder.invoke(1, config(Number.NaN))).toBeNaN();
    expect(await adder.invoke(1, config(Number.NaN))).toBeNaN();
    expect(await adder.invoke(1, config(5))).toBe(6);
    expect(Adder.made).toEqual([{ by: 1 }, { by: 5 }, { by: Number.NaN }, { by: 5 }]);
  });

  it("makes another where a call sets fewer fields, or others", async () => {
    const fields = { times: { id: "times" }, mark: { id: "mark" }, constructor: { id: "odd" } };
    const repeater = new Repeater({ times: 1 }).configurableFields(fields);
    const call = async (configurable: Record<string, unknown>): Promise<string> =>
      (await repeater.invoke("ab", { configurable })).text;
    expect(await call({ times: 2, mark: "?" })).toBe("abab?");
    expect(await call({ times: 2 })).toBe("abab!");
    expect(await call({ mark: "?" })).toBe("ab?");
    await expect(call({ odd: Object })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    expect(await call({ mark: "." })).toBe("ab.");
  });

  it("makes it of lc_kwargs where it has them", async () => {
    class Hidden extends Runnable<number, number> {
      readonly #by: number;
      override lc_kwargs: Record<string, unknown>;
      constructor(fields: { by: number }) {
        super();
        this.#by = fields.by;
        this.lc_kwargs = { ...fields };
      }
      override async invoke(input: number): Promise<number> {
        return input + this.#by;
      }
    }
    const hidden = new Hidden({ by: 1 }).configurableFields({ by: { id: "by" } });
    expect(await hidden.invoke(1)).toBe(2);
    expect(await hidden.invoke(1, { configurable: { by: 9 } })).toBe(10);
  });

  it("uses own keys alone, and takes __proto__ as a key like any other", async () => {
    const adder = new Adder({ by: 1 });
    const inherited = Object.create({ by: 7 }) as Record<string, unknown>;
    expect(await adder.configurableFields({ by: { id: "by" } }).invoke(1, { configurable: inherited })).toBe(2);
    const odd = adder.configurableFields({ by: { id: "__proto__" } });
    expect(await odd.invoke(1)).toBe(2);
    expect(await odd.invoke(1, { configurable: JSON.parse('{"__proto__": 7}') })).toBe(8);
    const named = adder.configurableFields({ by: { id: "constructor" } });
    expect(await named.invoke(1)).toBe(2);
    const fields = JSON.parse('{"__proto__": {"id": "x"}}');
    const poisoned = adder.configurableFields(fields).invoke(1, { configurable: { x: { by: 9 } } });
    await expect(poisoned).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    assertNoPoisoning();
  });

  describe("where the runnable cannot be made anew", () => {
    class Positional extends Adder {
      readonly more: number;
      constructor(by: number, more: number) {
        super({ by });
        this.more = more;
      }
    }
    class Fixed extends Runnable<number, number> {
      readonly by: number;
      constructor() {
        super();
        this.by = 3;
      }
      override async invoke(input: number): Promise<number> {
        return input + this.by;
      }
    }
    const chain = RunnableSequence.from([(x: number) => x, (x: number) => x]);

    it.each<[string, Runnable<never, unknown>, string, unknown, string]>([
      ["a constructor that refuses the value", parrot, "parrotBufferLength", -1, "its constructor threw: "],
      ["a constructor without fields", new Fixed(), "by", 5, "by was lost"],
      ["a constructor of several parameters", new Positional(1, 2), "more", 5, "more was lost"],
      ["a constructor that names its fields otherwise", chain as never, "omitSequenceTags", true, "steps was lost"],
    ])("says so: %s", async (_name, runnable, field, value, why) => {
      const configurable = runnable.configurableFields({ [field]: { id: "it" } });
      const failure = configurable.invoke("hello" as never, { configurable: { it: value } });
      await expect(failure).rejects.toMatchObject({ code: "INVALID_CONFIG", data: { fields: [field] } });
      await expect(failure).rejects.toThrow(why);
      await expect(failure).rejects.toThrow(`Expected ${runnable.getName()} to be made anew with other ${field}, and`);
    });

    it("keeps what a constructor threw as the cause, also what is no error", async () => {
      class Picky extends Adder {
        constructor(fields: { by: number }) {
          super(fields);
          if (fields.by > 5) throw `too much: ${fields.by}`;
        }
      }
      const picky = new Picky({ by: 1 }).configurableFields({ by: { id: "by" } });
      await expect(picky.invoke(1, { configurable: { by: 6 } })).rejects.toMatchObject({ cause: "too much: 6" });
    });

    it("fails every verb, and lets go of the input of a transform", async () => {
      const config = withLength(-1);
      await expect(model.stream("hello", config)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      await expect(model.batch(["hello"], config)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      const returned = vi.fn(async () => ({ value: undefined, done: true as const }));
      const input = {
        [Symbol.asyncIterator]: () => ({ next: async () => ({ value: "a", done: false as const }), return: returned }),
      };
      await expect(model.transform(input, config).next()).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      expect(returned).toHaveBeenCalledTimes(1);
    });
  });
});
