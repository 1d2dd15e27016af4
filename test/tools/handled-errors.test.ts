import { describe, expect, it, test, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import type { ToolMessage } from "../../src/messages/tool.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { tool } from "../../src/tools/tool.ts";
import type { ToolErrorHandling } from "../../src/tools/tool-types.ts";
import { callOf, NUMBERS, noting } from "./tools.ts";

const ANY = { type: "object" };

function failing(handleToolError: ToolErrorHandling<unknown> | undefined, error: unknown = new Error("boom")) {
  return tool(
    (): string => {
      throw error;
    },
    { name: "t", schema: ANY, handleToolError },
  );
}

describe("an error of the function", () => {
  test.each([undefined, false])("is thrown by default: %s", async (handling) => {
    await expect(failing(handling).invoke(callOf("t"))).rejects.toThrow("boom");
  });

  test.each<[what: string, handling: ToolErrorHandling<unknown>, content: unknown]>([
    ["by its message", true, "boom"],
    ["by a text", "Try again.", "Try again."],
    ["by an empty text", "", ""],
    ["by what is made of it", (error) => `<${(error as Error).message}>`, "<boom>"],
    ["by what is made of it later", async () => [{ type: "text", text: "x" }], [{ type: "text", text: "x" }]],
  ])("is told to the model where it is handled: %s", async (_what, handling, content) => {
    const answer = await failing(handling).invoke(callOf("t"));
    expect(answer).toMatchObject({ content, status: "error", tool_call_id: "call-1", name: "t" });
    expect(await failing(handling).invoke({})).toEqual(content);
  });

  it("is told of with the call", async () => {
    const handling = vi.fn(() => "x");
    const call = callOf("t");
    await failing(handling).invoke(call);
    await failing(handling).invoke({});
    expect(handling.mock.calls).toEqual([
      [new Error("boom"), call],
      [new Error("boom"), undefined],
    ]);
  });

  test.each<[error: unknown, content: string]>([
    ["a text", "a text"],
    [{ message: "" }, "The tool failed."],
    [null, "null"],
  ])("is told by something whatever is thrown: %j", async (error, content) => {
    expect(((await failing(true, error).invoke(callOf("t"))) as ToolMessage).content).toBe(content);
  });

  it("ends the run, if it is handled", async () => {
    const lines: string[] = [];
    await failing("Sorry.").invoke({}, { callbacks: [noting(lines)] });
    expect(lines).toEqual(["start tool t {}", 'end t "Sorry."']);
  });

  it("is handled where a promise rejects, where a generator throws, and where the answer has no artifact", async () => {
    const fields = { name: "t", schema: ANY, handleToolError: true };
    expect(
      await tool(async (): Promise<string> => {
        throw new Error("a");
      }, fields).invoke({}),
    ).toBe("a");
    expect(
      await tool(function* (): Generator<number, string> {
        yield 1;
        throw new Error("b");
      }, fields).invoke({}),
    ).toBe("b");
    const untold = tool(() => "c", { ...fields, responseFormat: "content_and_artifact" });
    expect(await untold.invoke({})).toMatch(/^Expected the tool t to return/);
  });

  it("is what the handling throws", async () => {
    await expect(
      failing(() => {
        throw new Error("handled badly");
      }).invoke({}),
    ).rejects.toThrow("handled badly");
    await expect(failing((error) => Promise.reject(error)).invoke({})).rejects.toThrow("boom");
  });
});

describe("what a handler with raiseError throws", () => {
  const raising = (method: string, error: unknown = new Error("handler")) => ({
    raiseError: true,
    [method]: () => {
      throw error;
    },
  });

  test.each([["handleToolStart"], ["handleToolEnd"]])("is thrown where errors are handled: %s", async (method) => {
    const made = tool(() => "x", { name: "t", schema: ANY, handleToolError: true, handleValidationError: true });
    await expect(made.invoke(callOf("t"), { callbacks: [raising(method)] })).rejects.toThrow("handler");
  });

  it("is thrown where a runnable below was told of", async () => {
    const inner = RunnableLambda.from((x: number) => x);
    const made = tool((_args, config) => inner.invoke(1, config), { name: "t", schema: ANY, handleToolError: true });
    await expect(made.invoke({}, { callbacks: [raising("handleChainStart")] })).rejects.toThrow("handler");
  });

  it("is handled as an error of the function where it is no object, since it cannot be told from one", async () => {
    const inner = RunnableLambda.from((x: number) => x);
    const made = tool((_args, config) => inner.invoke(1, config), { name: "t", schema: ANY, handleToolError: true });
    expect(await made.invoke({}, { callbacks: [raising("handleChainStart", "text")] })).toBe("text");
  });
});

describe("an input that does not fit", () => {
  const made = (handleValidationError: ToolErrorHandling<Error>, handleToolError: ToolErrorHandling<unknown> = false) =>
    tool(({ a }) => a, { name: "t", schema: NUMBERS, handleValidationError, handleToolError });

  it("is told to the model where that is handled", async () => {
    const answer = (await made(true).invoke(callOf("t"))) as ToolMessage;
    expect(answer.status).toBe("error");
    expect(answer.content).toBe(
      "Expected the input of the tool t to fit its schema, and it does not:\n- a: expected a number",
    );
    expect(await made("No.").invoke(callOf("t"))).toMatchObject({ content: "No.", status: "error" });
    expect(await made((error) => error.name).invoke(callOf("t"))).toMatchObject({
      content: "ToolInputParsingException",
    });
  });

  it("is no error of the function", async () => {
    await expect(made(false, true).invoke(callOf("t"))).rejects.toThrow(/to fit its schema/);
  });

  it("is told of by a schema that takes its time too", async () => {
    const schema = {
      "~standard": { version: 1 as const, vendor: "t", validate: async () => ({ issues: [{ message: "late" }] }) },
    };
    const late = tool(() => 1, { name: "t", schema, handleValidationError: true });
    expect(((await late.invoke(callOf("t"))) as ToolMessage).content).toMatch(/- late$/);
  });

  it("is not what a schema throws", async () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "t",
        validate: () => {
          throw new Error("broken");
        },
      },
    };
    const broken = tool(() => 1, { name: "t", schema, handleValidationError: true, handleToolError: true });
    await expect(broken.invoke(callOf("t"))).rejects.toThrow("broken");
  });
});

describe("an abort", () => {
  it("ends the wait for the function, and is never handled", async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const hanging = tool(
      (_args, runtime) => {
        seen = runtime.signal;
        return new Promise<string>(() => undefined);
      },
      {
        name: "t",
        schema: ANY,
        handleToolError: true,
      },
    );
    const lines: string[] = [];
    const answer = hanging.invoke({}, { signal: controller.signal, callbacks: [noting(lines)] });
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    expect(seen?.aborted).toBe(true);
    expect(lines).toEqual(["start tool t {}", expect.stringMatching(/^error t /)]);
  });

  it("is never handled where the function hears of it first", async () => {
    const controller = new AbortController();
    const handled = vi.fn(() => "handled");
    const hearing = tool(
      (_args, { signal }) =>
        new Promise<string>((_, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("heard")));
        }),
      { name: "t", schema: ANY, handleToolError: handled },
    );
    const answer = hearing.invoke({}, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    expect(handled).not.toHaveBeenCalled();
  });

  it("before the start does no work", async () => {
    const func = vi.fn();
    const made = tool(func, { name: "t", schema: ANY });
    await expect(made.invoke({}, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(func).not.toHaveBeenCalled();
  });

  it("while the arguments are looked at keeps the function from starting", async () => {
    const controller = new AbortController();
    const func = vi.fn();
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "t",
        validate: async (value: unknown) => {
          controller.abort(new Error("no"));
          return { value };
        },
      },
    };
    await expect(tool(func, { name: "t", schema }).invoke({}, { signal: controller.signal })).rejects.toThrow("no");
    await new Promise((resolve) => setImmediate(resolve));
    expect(func).not.toHaveBeenCalled();
  });

  it("has a time limit, also by the tool's own config", async () => {
    const hang = () => new Promise<string>(() => undefined);
    await expect(tool(hang, { name: "t", schema: ANY }).invoke({}, { timeout: 5 })).rejects.toThrow(TimeoutError);
    const limited = tool(hang, { name: "t", schema: ANY, defaultConfig: { timeout: 5 } });
    await expect(limited.invoke({})).rejects.toThrow(TimeoutError);
  });
});
