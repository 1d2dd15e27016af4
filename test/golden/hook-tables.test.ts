import { describe, expect, test } from "vitest";
import { chatChunk, HookedChatModel, HookedLLM, result, textChunk } from "../models/models.ts";
import { collect } from "./transcript.ts";

/** The guides' tables of hooks: which may be left out, and what serves in its place. */
const texts = async (stream: Promise<AsyncIterable<{ text: string }>>): Promise<string[]> =>
  (await collect(await stream)).map((chunk) => chunk.text);

describe("the guides' table of a chat model's hooks", () => {
  const _generate = () => result("whole");
  const _agenerate = async () => result("async whole");
  function* pieces() {
    yield chatChunk("pie");
    yield chatChunk("ces");
  }

  test("invoke is served by _agenerate, else by _generate, else by the sum of a stream hook", async () => {
    expect((await new HookedChatModel({ _generate, _agenerate }).invoke("x")).text).toBe("async whole");
    expect((await new HookedChatModel({ _generate }).invoke("x")).text).toBe("whole");
    for (const hook of ["_stream", "_streamResponseChunks", "_astream"]) {
      expect((await new HookedChatModel({ [hook]: pieces }).invoke("x")).text).toBe("pieces");
    }
  });

  test("stream is served by any stream hook, else by _agenerate or _generate in one piece", async () => {
    for (const hook of ["_stream", "_streamResponseChunks", "_astream"]) {
      expect(await texts(new HookedChatModel({ [hook]: pieces, _generate }).stream("x"))).toEqual(["pie", "ces"]);
    }
    expect(await texts(new HookedChatModel({ _generate, _agenerate }).stream("x"))).toEqual(["async whole"]);
    expect(await texts(new HookedChatModel({ _generate }).stream("x"))).toEqual(["whole"]);
  });

  test("events of the one piece of a model without a stream hook are a start, a piece and an end", async () => {
    const events = await collect(new HookedChatModel({ _generate }).streamEvents("x", { version: "v1" }));
    expect(events.map(({ event }) => event)).toEqual([
      "on_chat_model_start",
      "on_chat_model_stream",
      "on_chat_model_end",
    ]);
  });
});

describe("the guides' table of an LLM's hooks", () => {
  const _call = () => "whole";
  const _acall = async () => "async whole";
  function* pieces() {
    yield textChunk("pie");
    yield textChunk("ces");
  }

  test("invoke is served by _acall, else by _call, else by the sum of a stream hook", async () => {
    expect(await new HookedLLM({ _call, _acall }).invoke("x")).toBe("async whole");
    expect(await new HookedLLM({ _call }).invoke("x")).toBe("whole");
    for (const hook of ["_stream", "_streamResponseChunks", "_astream"]) {
      expect(await new HookedLLM({ [hook]: pieces }).invoke("x")).toBe("pieces");
    }
  });

  test("stream is served by any stream hook, else by _acall or _call in one piece", async () => {
    for (const hook of ["_stream", "_streamResponseChunks", "_astream"]) {
      expect(await collect(await new HookedLLM({ [hook]: pieces, _call }).stream("x"))).toEqual(["pie", "ces"]);
    }
    expect(await collect(await new HookedLLM({ _call, _acall }).stream("x"))).toEqual(["async whole"]);
    expect(await collect(await new HookedLLM({ _call }).stream("x"))).toEqual(["whole"]);
  });

  test("events of the one piece of an LLM without a stream hook are a start, a piece and an end", async () => {
    const events = await collect(new HookedLLM({ _call }).streamEvents("x", { version: "v1" }));
    expect(events.map(({ event }) => event)).toEqual(["on_llm_start", "on_llm_stream", "on_llm_end"]);
  });
});
