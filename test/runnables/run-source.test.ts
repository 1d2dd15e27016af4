import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import type { RunContext, RunOwner } from "../../src/runnables/run-context.ts";
import { streamWithRun, streamWithRunAs, transformWithRun } from "../../src/runnables/run-source.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";
import { ListSource, ManualSource, pullOnce, RecordingSink, readAll } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

/** An owner of model runs, told of by some handlers. */
function ownerOf(...handlers: CallbackHandler[]): RunOwner {
  return {
    "~manager": () => CallbackManager.configure(handlers),
    "~begin": (manager, start) =>
      new CallbackManagerForLLMRun("llm", manager, { runName: "owner", input: start.input }).beginWithPrompts(
        () => ({ lc: 1, type: "not_implemented", id: ["owner"] }),
        [""],
        {},
      ),
  };
}

const reports = collectReports();
const chunk = (text: string): GenerationChunk => new GenerationChunk({ text });

describe("streamWithRun", () => {
  it("is its body and nothing else where nobody is told", () => {
    const body = new ManualSource();
    const source = streamWithRun(ownerOf(), "in", { tags: ["t"] }, () => body);
    expect(source).toBe(body);
  });

  it("opens its body when first pulled, once, after the start was told", () => {
    const calls: Call[] = [];
    const body = new ManualSource<GenerationChunk>();
    const open = vi.fn((context: RunContext) => {
      expect(context.run?.runName).toBe("owner");
      expect(calls.map(([method]) => method)).toEqual(["handleLLMStart"]);
      return body;
    });
    const source = streamWithRun(ownerOf(recordingHandler(calls)), "in", undefined, open);
    expect(open).not.toHaveBeenCalled();
    const first = pullOnce(source);
    const [one, two] = [chunk("a"), chunk("b")];
    body.item(one);
    const second = pullOnce(source);
    body.item(two);
    expect(open).toHaveBeenCalledTimes(1);
    expect([first.answers, second.answers]).toEqual([[["item", one]], [["item", two]]]);
    expect(first.answers[0]?.[1]).toBe(one);
  });

  it("fails, and closes its run, where the body cannot be opened", () => {
    const calls: Call[] = [];
    const error = new Error("not opened");
    const source = streamWithRun(ownerOf(recordingHandler(calls)), "in", undefined, () => {
      throw error;
    });
    expect(pullOnce(source).answers).toEqual([["fail", error]]);
    expect(calls.map(([method]) => method)).toEqual(["handleLLMStart", "handleLLMError"]);
  });

  it("fails where the run cannot be begun, and opens nothing", () => {
    const error = new Error("not begun");
    const open = vi.fn(() => new ManualSource());
    const owner: RunOwner = {
      ...ownerOf({}),
      "~begin": () => {
        throw error;
      },
    };
    expect(pullOnce(streamWithRun(owner, "in", undefined, open)).answers).toEqual([["fail", error]]);
    expect(open).not.toHaveBeenCalled();
  });

  it.each(["sync", "async"])("closes the body and fails where a handler of a chunk raises (%s)", async (kind) => {
    const calls: Call[] = [];
    const error = new Error("raised");
    const raising: CallbackHandler = {
      raiseError: true,
      handleLLMNewToken: () => {
        if (kind === "sync") throw error;
        return Promise.reject(error);
      },
    };
    const body = new ManualSource<GenerationChunk>();
    const source = streamWithRun(ownerOf(raising, recordingHandler(calls)), "in", undefined, () => body);
    const sink = pullOnce(source);
    body.item(chunk("a"));
    await settle();
    expect(sink.answers).toEqual([["fail", error]]);
    expect(body.closes).toEqual([undefined]);
    expect(calls.map(([method]) => method)).toEqual(["handleLLMStart", "handleLLMNewToken", "handleLLMError"]);
  });

  it("tells of what a handler raises once the body is released", async () => {
    const error = new Error("raised");
    const gate = defer();
    const body = new ManualSource<GenerationChunk>();
    body.closing = gate.promise;
    const raising: CallbackHandler = {
      raiseError: true,
      handleLLMNewToken: () => {
        throw error;
      },
    };
    const sink = pullOnce(streamWithRun(ownerOf(raising), "in", undefined, () => body));
    body.item(chunk("a"));
    await settle();
    expect(sink.answers).toEqual([]);
    gate.resolve();
    await settle();
    expect(sink.answers).toEqual([["fail", error]]);
  });

  it("hands on no chunk, and no failure of its handler, to a reader that has left", async () => {
    for (const isFailing of [false, true]) {
      const gate = defer();
      const body = new ManualSource<GenerationChunk>();
      const handler: CallbackHandler = { raiseError: true, handleLLMNewToken: () => gate.promise };
      const source = streamWithRun(ownerOf(handler), "in", undefined, () => body);
      const sink = pullOnce(source);
      body.item(chunk("a"));
      void source.close();
      if (isFailing) gate.reject(new Error("late"));
      else gate.resolve();
      await settle();
      expect(sink.answers).toEqual([]);
      expect(body.closes).toEqual([undefined]);
    }
  });

  it.each(["end", "fail"] as const)(
    "gives no answer where its reader leaves while a handler is told of the %s",
    async (moment) => {
      for (const isFailing of [false, true]) {
        const gate = defer();
        const body = new ManualSource<GenerationChunk>();
        const wait = (): Promise<void> => gate.promise;
        const handler: CallbackHandler = { raiseError: true, handleLLMEnd: wait, handleLLMError: wait };
        const source = streamWithRun(ownerOf(handler), "in", undefined, () => body);
        const sink = pullOnce(source);
        if (moment === "end") body.end();
        else body.fail(new Error("broken"));
        await source.close();
        if (isFailing) gate.reject(new Error("late"));
        else gate.resolve();
        await settle();
        expect(sink.answers).toEqual([]);
        expect(body.closes).toEqual([]);
        // What a handler of an error raises has nowhere else to go.
        expect(reports).toHaveLength(isFailing && moment === "fail" ? 1 : 0);
      }
    },
  );

  it.each(["sync", "async"])("fails where a handler of the end raises (%s)", async (kind) => {
    const error = new Error("raised");
    const raising: CallbackHandler = {
      raiseError: true,
      handleLLMEnd: () => {
        if (kind === "sync") throw error;
        return Promise.reject(error);
      },
    };
    const source = streamWithRun(ownerOf(raising), "in", undefined, () => new ListSource<GenerationChunk>([]));
    const sink = pullOnce(source);
    await settle();
    expect(sink.answers).toEqual([["fail", error]]);
  });

  it("answers nothing that its body says after it was closed", async () => {
    const body = new ManualSource<GenerationChunk>();
    const calls: Call[] = [];
    const sinks: { item(value: GenerationChunk): void; end(): void; fail(error: unknown): void }[] = [];
    const deaf = { pull: (sink: (typeof sinks)[number]) => void sinks.push(sink), close: () => undefined };
    const source = streamWithRun(ownerOf(recordingHandler(calls)), "in", undefined, () => deaf);
    const sink = new RecordingSink<GenerationChunk>();
    source.pull(sink);
    await source.close();
    await source.close();
    sinks[0]?.item(chunk("late"));
    sinks[0]?.end();
    sinks[0]?.fail(new Error("late"));
    expect(sink.answers).toEqual([]);
    expect(calls.map(([method]) => method)).toEqual(["handleLLMStart", "handleLLMEnd"]);
    expect(body.pulls).toBe(0);
  });

  it("does not open its body where it was closed while a handler of the start was at work", async () => {
    const gate = defer();
    const open = vi.fn(() => new ManualSource());
    const source = streamWithRun(ownerOf({ handleLLMStart: () => gate.promise }), "in", undefined, open);
    const sink = pullOnce(source);
    void source.close();
    gate.resolve();
    await settle();
    expect(open).not.toHaveBeenCalled();
    expect(sink.answers).toEqual([]);
  });

  it("is closed before its first pull without a run", async () => {
    const calls: Call[] = [];
    const open = vi.fn(() => new ManualSource());
    const source = streamWithRun(ownerOf(recordingHandler(calls)), "in", undefined, open);
    await source.close();
    expect(open).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });
});

describe("streamWithRunAs", () => {
  const stream = (told: GenerationChunk[], unobserved: string[]) => ({
    unobserved: () => new ListSource(unobserved),
    observed: () => new ListSource(told),
    handOn: (given: GenerationChunk) => `${given.text}!`,
  });

  it("is the unobserved stream where nobody is told", async () => {
    const source = streamWithRunAs(ownerOf(), "in", undefined, stream([chunk("told")], ["plain"]));
    expect(await readAll(source)).toEqual({ items: ["plain"] });
  });

  it("tells of the one form, and hands on the other", async () => {
    const calls: Call[] = [];
    const source = streamWithRunAs(ownerOf(recordingHandler(calls)), "in", undefined, stream([chunk("told")], []));
    expect(await readAll(source)).toEqual({ items: ["told!"] });
    expect(calls.map(([method, first]) => [method, first])).toEqual([
      ["handleLLMStart", expect.anything()],
      ["handleLLMNewToken", "told"],
      ["handleLLMEnd", { generations: [[chunk("told")]] }],
    ]);
  });
});

describe("transformWithRun", () => {
  it("is its body over the source itself where nobody is told", () => {
    const source = new ManualSource<string>();
    const open = vi.fn((chunks) => chunks);
    expect(transformWithRun(ownerOf(), source, undefined, open)).toBe(source);
    expect(open.mock.calls[0]?.[0]).toBe(source);
  });

  it("begins its run when the first input is there, and pulls each input once", () => {
    const calls: Call[] = [];
    const source = new ManualSource<GenerationChunk>();
    const transformed = transformWithRun(ownerOf(recordingHandler(calls)), source, undefined, (chunks) => chunks);
    const sink = pullOnce(transformed);
    expect(source.pulls).toBe(1);
    expect(calls).toEqual([]);
    source.item(chunk("a"));
    expect(calls[0]?.[0]).toBe("handleLLMStart");
    expect(sink.answers).toEqual([["item", chunk("a")]]);
    expect(source.pulls).toBe(1);
  });

  it("closes its source, with the cause, where it is left before the first input, and tells of nothing", async () => {
    const calls: Call[] = [];
    const source = new ManualSource<GenerationChunk>();
    const transformed = transformWithRun(ownerOf(recordingHandler(calls)), source, undefined, (chunks) => chunks);
    const sink = pullOnce(transformed);
    const cause = new Error("over");
    await transformed.close(cause);
    expect(source.closes).toEqual([cause]);
    expect(sink.answers).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("passes the failure and the end of its input through", async () => {
    const calls: Call[] = [];
    const error = new Error("broken");
    const failing = new ListSource([chunk("a")], { failure: { error } });
    const transformed = transformWithRun(ownerOf(recordingHandler(calls)), failing, undefined, (chunks) => chunks);
    expect(await readAll(transformed)).toEqual({ items: [chunk("a")], error });
    expect(calls.at(-1)?.slice(0, 2)).toEqual(["handleLLMError", error]);
    const empty = transformWithRun(
      ownerOf(recordingHandler(calls)),
      new ListSource<GenerationChunk>([]),
      undefined,
      (chunks) => chunks,
    );
    expect(await readAll(empty)).toEqual({ items: [] });
    expect(calls.at(-1)?.[0]).toBe("handleLLMEnd");
  });
});
