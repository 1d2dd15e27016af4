import { describe, expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { BaseMessageChunk } from "../../src/messages/message-chunk.ts";
import { RemoveMessage, type RemoveMessageFields } from "../../src/messages/remove.ts";

describe("RemoveMessage", () => {
  test("has the id of the message to remove, and says nothing", () => {
    const message = new RemoveMessage({ id: "m1" });
    expect(message.id).toBe("m1");
    expect(message.type).toBe("remove");
    expect(message.getType()).toBe("remove");
    expect(message.content).toEqual([]);
    expect(message.text).toBe("");
    expect(message.additional_kwargs).toEqual({});
    expect(message.response_metadata).toEqual({});
    expect(RemoveMessage.lc_name()).toBe("RemoveMessage");
    expect(Object.prototype.toString.call(message)).toBe("[object RemoveMessage]");
  });

  test("keeps its other fields, and drops a content", () => {
    const fields = { id: "m1", name: "n", additional_kwargs: { a: 1 }, response_metadata: { b: 2 }, content: "said" };
    const message = new RemoveMessage(Object.freeze(fields));
    expect(message).toMatchObject({ ...fields, content: [] });
    expect(message.toDict()).toEqual({ type: "remove", data: { ...fields, content: [] } });
  });

  test("is stored with its class and its fields", () => {
    expect(JSON.parse(JSON.stringify(new RemoveMessage({ id: "m1" })))).toEqual({
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "RemoveMessage"],
      kwargs: { id: "m1", content: [], additional_kwargs: {}, response_metadata: {} },
    });
  });

  test("has a content of its own", () => {
    expect(new RemoveMessage({ id: "a" }).content).not.toBe(new RemoveMessage({ id: "a" }).content);
  });

  test.each([
    ["no id", {}, "got undefined"],
    ["an empty id", { id: "" }, "got an empty string"],
    ["an id that is no text", { id: 3 }, "got a number 3"],
    ["nothing", undefined, "got undefined"],
  ])("refuses %s", (_what, fields, words) => {
    let caught: unknown;
    try {
      new RemoveMessage(fields as unknown as RemoveMessageFields);
    } catch (error) {
      caught = error;
    }
    expect(LinnetError.isInstance(caught)).toBe(true);
    expect((caught as LinnetError).code).toBe("INVALID_INPUT");
    expect((caught as LinnetError).message).toBe(
      `Expected the id of the message to remove, ${words}. Pass new RemoveMessage({ id }).`,
    );
  });

  test("is told apart, and is no chunk", () => {
    const message = new RemoveMessage({ id: "m1" });
    expect(RemoveMessage.isInstance(message)).toBe(true);
    expect(BaseMessage.isInstance(message)).toBe(true);
    expect(HumanMessage.isInstance(message)).toBe(false);
    expect(BaseMessageChunk.isInstance(message)).toBe(false);
    expect(RemoveMessage.isInstance(new HumanMessage("m1"))).toBe(false);
    expect(RemoveMessage.isInstance({ type: "remove", id: "m1" })).toBe(false);
    expect(RemoveMessage.isInstance(undefined)).toBe(false);
  });

  test("copies itself under another id", () => {
    const message = new RemoveMessage({ id: "m1", additional_kwargs: { a: 1 } });
    const copy = message["~withId"]("m2");
    expect(copy).toBeInstanceOf(RemoveMessage);
    expect(copy.id).toBe("m2");
    expect(message.id).toBe("m1");
    expect(copy.additional_kwargs).toEqual({ a: 1 });
    expect(copy.additional_kwargs).not.toBe(message.additional_kwargs);
  });
});
