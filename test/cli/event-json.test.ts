import { describe, expect, it } from "vitest";
import { eventJson } from "../../src/cli/event-json.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";

function jsonOf(data: unknown): unknown {
  const event = {
    event: "on_chain_end",
    name: "x",
    run_id: "1",
    tags: [],
    metadata: {},
    data,
  } as unknown as StreamEvent;
  const line = eventJson(event);
  expect(line).not.toContain("\n");
  return (JSON.parse(line) as { data: unknown }).data;
}

describe("an event as JSON", () => {
  const message = new HumanMessage("a\nb");
  const plain = JSON.parse(JSON.stringify(message.toDict())) as unknown;

  it("has messages in their plain form, wherever they are", () => {
    expect(jsonOf({ output: message, list: [[message]] })).toEqual({ output: plain, list: [[plain]] });
  });

  it("has a prompt's value as its messages", () => {
    expect(jsonOf({ output: new ChatPromptValue([message]) })).toEqual({ output: { messages: [plain] } });
  });

  it("has errors with their name and message, and their code where they have one", () => {
    const error = new LinnetError("no", { code: "INVALID_INPUT" });
    expect(jsonOf({ error: new TypeError("wrong") })).toEqual({ error: { name: "TypeError", message: "wrong" } });
    expect(jsonOf({ error })).toEqual({ error: { name: "LinnetError", message: "no", code: "INVALID_INPUT" } });
  });

  it("has big numbers as text, and everything else as it is", () => {
    expect(jsonOf({ output: 10n, other: [1, null, "x"] })).toEqual({ output: "10", other: [1, null, "x"] });
  });
});
