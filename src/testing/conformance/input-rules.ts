import { writeJson } from "../../json/safe-json.ts";
import { AIMessage } from "../../messages/ai.ts";
import type { BaseMessage } from "../../messages/base-message.ts";
import { HumanMessage } from "../../messages/human.ts";
import { SystemMessage } from "../../messages/system.ts";
import { ToolMessage } from "../../messages/tool.ts";
import { boundTo } from "./bound-to.ts";
import { expectThat } from "./conformance-error.ts";
import type { Rule } from "./rule.ts";
import { type Trial, textOf } from "./trial.ts";

const CALLS = [
  { type: "tool_call" as const, name: "weather", args: { city: "Zürich 🦜", days: ["今日"] }, id: "call_1" },
  { type: "tool_call" as const, name: "weather", args: { city: "Bern" }, id: "call_2" },
];
const WEATHER = {
  name: "weather",
  description: "The weather in a city.",
  schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

const FIX = "Turn every role into what the provider takes.";

/** What a model must take, and leave as it is. */
export const inputRules: readonly Rule[] = [
  {
    name: "what is given stays unchanged",
    why: "The caller's history goes into the next call, too.",
    async check(trial) {
      const messages = [new SystemMessage("Be brief."), new HumanMessage(trial.prompt)];
      const options = { tags: ["t"], metadata: { k: 1 } };
      const before = writeJson([messages, options]);
      await trial.ask(messages, options);
      await trial.read(messages, options);
      const fix = "Make new messages and lists instead of writing to those that a hook is given.";
      expectThat(writeJson([messages, options]) === before, "messages and options as they were", "others", fix);
    },
  },
  {
    name: "a conversation is taken",
    why: "A chat is a list of messages of several roles.",
    kind: "chat_model",
    check: (trial) =>
      expectTaken(trial, [
        new SystemMessage("You are a parrot."),
        new HumanMessage("Hello!"),
        new AIMessage("Hello!"),
        new HumanMessage(trial.prompt),
      ]),
  },
  {
    name: "a history with tools is taken",
    why: "An agent's history has calls of tools and what they answered, also for a model that calls none by itself.",
    kind: "chat_model",
    async check(trial) {
      const history = [
        new HumanMessage("What is the weather?"),
        new AIMessage({ content: "", tool_calls: CALLS }),
        new ToolMessage({ content: "17 °C, dry", tool_call_id: "call_1", name: "weather" }),
        new ToolMessage({ content: "busy", tool_call_id: "call_2", name: "weather", status: "error" }),
      ];
      const later = [...history, new AIMessage("17 °C, dry."), new HumanMessage(trial.prompt)];
      if (!trial.capabilities.toolCalling) return expectTaken(trial, later);
      // Some providers take calls only from those who have tools, and an agent asks right after the answers.
      for (const messages of [history, later]) {
        const reply = await boundTo(trial, WEATHER).invoke(messages, trial.options());
        const isAnswer = textOf(reply) !== "" || reply.tool_calls.length > 0;
        expectThat(isAnswer, `an answer to ${messages.length} messages`, "an empty one", FIX);
      }
    },
  },
  {
    name: "a message's name is taken",
    why: "In a talk of several people the name says who speaks.",
    kind: "chat_model",
    check: (trial) => expectTaken(trial, [new HumanMessage({ content: trial.prompt, name: "ada" })]),
  },
];

async function expectTaken(trial: Trial, messages: BaseMessage[]): Promise<void> {
  for (const reply of [await trial.ask(messages), await trial.read(messages, {}, await trial.another())]) {
    expectThat(textOf(reply) !== "", `an answer to ${messages.length} messages`, "an empty one", FIX);
  }
}
