import { describe, expect, it } from "vitest";
import { Conversation } from "../../src/cli/conversation.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import { ScriptedModel } from "./scripted-model.ts";

async function pieces(stream: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of stream) all.push(piece);
  return all;
}

function said(conversation: Conversation): string[] {
  return conversation.messages.map((message) => `${message.getType()}: ${message.text}`);
}

describe("a conversation", () => {
  it("gives all of itself to the model at each turn", async () => {
    const model = new ScriptedModel(["He", "llo"], ["Bye"]);
    const conversation = new Conversation(model);
    expect(await pieces(conversation.reply("hi"))).toEqual(["He", "llo"]);
    expect(await pieces(conversation.reply("and now?"))).toEqual(["Bye"]);
    expect(model.asked).toEqual([["human: hi"], ["human: hi", "ai: Hello", "human: and now?"]]);
    expect(said(conversation)).toEqual(["human: hi", "ai: Hello", "human: and now?", "ai: Bye"]);
  });

  it("keeps whole messages, not chunks", async () => {
    const conversation = new Conversation(new ScriptedModel(["a", "b"]));
    await pieces(conversation.reply("hi"));
    expect(conversation.messages.map((message) => message.constructor.name)).toEqual(["HumanMessage", "AIMessage"]);
  });

  it("knows the tokens of the last reply, where the model counts them", async () => {
    const conversation = new Conversation(new ChatParrotLink({ model: "m", parrotBufferLength: 3 }));
    expect(conversation.usage).toBeUndefined();
    await pieces(conversation.reply("hello"));
    expect(conversation.usage).toMatchObject({ input_tokens: 5, output_tokens: 3, total_tokens: 8 });
    await pieces(conversation.reply("cat"));
    expect(conversation.usage).toMatchObject({ input_tokens: 5 + 3 + 3, output_tokens: 3, total_tokens: 14 });
  });

  it("does not hand on pieces without text", async () => {
    expect(await pieces(new Conversation(new ScriptedModel(["a", "", "b"])).reply("hi"))).toEqual(["a", "b"]);
  });

  it("keeps a reply that fails as far as it came", async () => {
    const conversation = new Conversation(new ScriptedModel(["Hel", new TypeError("no")]));
    await expect(pieces(conversation.reply("hi"))).rejects.toThrow("no");
    expect(said(conversation)).toEqual(["human: hi", "ai: Hel"]);
  });

  it("keeps a reply that is left as far as it came, and stops the model", async () => {
    const model = new ScriptedModel(["Hel", "lo"]);
    const conversation = new Conversation(model);
    for await (const _piece of conversation.reply("hi")) break;
    expect(said(conversation)).toEqual(["human: hi", "ai: Hel"]);
    expect(model.ended).toBe(1);
  });

  it("forgets a turn without any reply", async () => {
    const conversation = new Conversation(new ScriptedModel([new TypeError("no")]));
    await expect(pieces(conversation.reply("hi"))).rejects.toThrow("no");
    expect(said(conversation)).toEqual([]);
  });

  it("ends with its signal", async () => {
    const abort = new AbortController();
    const model = new ScriptedModel(["Hel", "lo"]);
    const reply = new Conversation(model).reply("hi", abort.signal);
    expect(await reply.next()).toEqual({ done: false, value: "Hel" });
    abort.abort();
    await expect(reply.next()).rejects.toMatchObject({ name: "AbortError" });
    expect(model.ended).toBe(1);
  });
});
