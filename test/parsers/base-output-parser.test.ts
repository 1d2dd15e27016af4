import { describe, expect, it, vi } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { BaseLLMOutputParser, type ParsableGeneration } from "../../src/parsers/base-llm-output-parser.ts";
import { BaseOutputParser } from "../../src/parsers/base-output-parser.ts";
import { BaseTransformOutputParser } from "../../src/parsers/base-transform-output-parser.ts";
import type { ParserInput } from "../../src/parsers/message-text.ts";
import { OutputParserException } from "../../src/parsers/output-parser-exception.ts";
import "../../src/runnables/wiring.ts";

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

class Words extends BaseOutputParser<string[]> {
  getFormatInstructions(): string {
    return "Separate with spaces.";
  }

  parse(text: string): string[] {
    if (text === "") throw new OutputParserException("Expected words, got an empty text.", text);
    return text.split(" ");
  }
}

class Roles extends BaseLLMOutputParser<string> {
  parseResult([first]: readonly ParsableGeneration[]): string {
    return `${first?.message?.type ?? "text"}: ${first?.text}`;
  }
}

describe("BaseOutputParser", () => {
  it("parses a text or a message by its parse method", async () => {
    expect(await new Words().invoke("a b")).toEqual(["a", "b"]);
    expect(await new Words().invoke(new AIMessage("a b"))).toEqual(["a", "b"]);
    expect(new Words().parseResult([{ text: "a b" }])).toEqual(["a", "b"]);
    expect(() => new Words().parseResult([])).toThrow(LinnetError);
  });

  it("needs no promise inside where parse needs none", () => {
    expect(new Words()["~call"]("a b", undefined)).toEqual(["a", "b"]);
  });

  it("sums a stream before it parses it", async () => {
    expect(await listOf(new Words().transform(["a", " b"]))).toEqual([["a", "b"]]);
  });

  it("rejects with what parse throws", async () => {
    await expect(new Words().invoke("")).rejects.toEqual(
      expect.objectContaining({ code: "OUTPUT_PARSING_FAILURE", llmOutput: "" }),
    );
  });

  it("is named by its class, and lives with the parsers", () => {
    expect(new Words().getName()).toBe("Words");
    expect(new Words()["~serialized"]().id).toEqual(["langchain_core", "output_parsers", "Words"]);
  });
});

describe("BaseLLMOutputParser", () => {
  it("hands parseResult the message and its text", async () => {
    const blocks = [
      { type: "text", text: "a" },
      { type: "reasoning", reasoning: "r" },
    ];
    expect(await new Roles().invoke(new AIMessage({ content: blocks }))).toBe("ai: a");
    expect(await new Roles().invoke("a")).toBe("text: a");
  });
});

describe("BaseTransformOutputParser", () => {
  class Upper extends BaseTransformOutputParser<string> {
    getFormatInstructions(): string {
      return "";
    }

    parse(text: string): string | Promise<string> {
      if (text === "bad") throw new TypeError("bad text");
      if (text === "worse") return Promise.reject(new TypeError("worse text"));
      return text.startsWith("later") ? Promise.resolve(text.toUpperCase()) : text.toUpperCase();
    }
  }

  it("parses chunk by chunk, sync or async, in order", async () => {
    expect(await listOf(new Upper().transform(["a", "later b", "c", "later d"]))).toEqual([
      "A",
      "LATER B",
      "C",
      "LATER D",
    ]);
  });

  it.each(["bad", "worse"])("fails once at a chunk that does not parse, and returns its source: %s", async (chunk) => {
    const returned = vi.fn();
    function* source(): Generator<string> {
      try {
        yield* ["a", chunk, "b"];
      } finally {
        returned();
      }
    }
    const read: string[] = [];
    const reading = (async () => {
      for await (const piece of new Upper().transform(source())) read.push(piece);
    })();
    await expect(reading).rejects.toThrow(`${chunk} text`);
    expect(read).toEqual(["A"]);
    expect(returned).toHaveBeenCalledOnce();
  });

  it.each(["resolve", "reject"] as const)(
    "is quiet where the reader left before a chunk's promise could %s",
    async (how) => {
      let settle = (): void => {};
      class Pending extends Upper {
        override parse(): Promise<string> {
          return new Promise((resolve, reject) => {
            settle = how === "resolve" ? () => resolve("late") : () => reject(new TypeError("late"));
          });
        }
      }
      const unhandled = vi.fn();
      process.on("unhandledRejection", unhandled);
      const returned = vi.fn();
      async function* source(): AsyncGenerator<string> {
        try {
          yield "a";
          yield "b";
        } finally {
          returned();
        }
      }
      const stream = new Pending().transform(source());
      const reading = stream.next();
      await new Promise((resolve) => setImmediate(resolve));
      await stream.return(undefined);
      expect(await reading).toEqual({ done: true, value: undefined });
      // A parser that never settles must not keep what it reads from open.
      expect(returned).toHaveBeenCalledOnce();
      settle();
      await new Promise((resolve) => setImmediate(resolve));
      process.off("unhandledRejection", unhandled);
      expect(unhandled).not.toHaveBeenCalled();
      expect(returned).toHaveBeenCalledOnce();
    },
  );

  it("uses a subclass's _transform, which may see more than one chunk", async () => {
    class Pairs extends Upper {
      override async *_transform(input: AsyncGenerator<ParserInput>): AsyncGenerator<string> {
        let held: string | undefined;
        for await (const chunk of super._transform(input)) {
          if (held === undefined) held = chunk;
          else {
            yield held + chunk;
            held = undefined;
          }
        }
        if (held !== undefined) yield held;
      }
    }
    expect(await listOf(new Pairs().transform(["a", "later b", "c"]))).toEqual(["ALATER B", "C"]);
  });

  it("keeps a subclass's parseResult", async () => {
    class Marked extends Upper {
      override async parseResult(generations: readonly ParsableGeneration[]): Promise<string> {
        return `<${await super.parseResult(generations)}>`;
      }
    }
    expect(await listOf(new Marked().transform(["a", "b"]))).toEqual(["<A>", "<B>"]);
  });
});

describe("OutputParserException", () => {
  it("is an error of linnet's with what the model said", () => {
    const cause = new TypeError("inner");
    const error = new OutputParserException("Expected JSON.", "{", "Close the brace.", true, { cause });
    expect(LinnetError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      name: "OutputParserException",
      message: "Expected JSON.",
      code: "OUTPUT_PARSING_FAILURE",
      lc_error_code: "OUTPUT_PARSING_FAILURE",
      llmOutput: "{",
      observation: "Close the brace.",
      sendToLLM: true,
      cause,
    });
    expect(error.stack).toContain("OutputParserException: Expected JSON.");
  });

  it("is known from other errors, and from what is no error", () => {
    class Unreadable extends OutputParserException {}
    const errors = [new OutputParserException("Expected JSON."), new Unreadable("Expected JSON.")];
    const others = [new LinnetError("Expected JSON.", { code: "OUTPUT_PARSING_FAILURE" }), new Error("x"), {}, null];
    expect(errors.map((error) => OutputParserException.isInstance(error))).toEqual([true, true]);
    expect(others.map((error) => OutputParserException.isInstance(error))).toEqual([false, false, false, false]);
  });

  it("has a name that a subclass may replace", () => {
    class Unreadable extends OutputParserException {
      constructor() {
        super("Expected JSON.");
        this.name = "Unreadable";
      }
    }
    expect(String(new Unreadable())).toBe("Unreadable: Expected JSON.");
    expect(new OutputParserException("Expected JSON.").name).toBe("OutputParserException");
  });

  it("needs its message alone", () => {
    const error = new OutputParserException("Expected JSON.");
    expect(error).toMatchObject({ llmOutput: undefined, observation: undefined, sendToLLM: false });
    expect(error.cause).toBeUndefined();
  });

  it.each([
    [undefined, "say it again", "llmOutput"],
    ["{", undefined, "observation"],
  ])("needs both texts to send them to the model: %j, %j", (llmOutput, observation, missing) => {
    expect(() => new OutputParserException("Expected JSON.", llmOutput, observation, true)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(`got no ${missing}`) }),
    );
  });
});
