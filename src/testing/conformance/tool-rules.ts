import { describeValue } from "../../errors/describe-value.ts";
import { writeJson } from "../../json/safe-json.ts";
import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import type { RunnableInterface } from "../../runnables/runnable-like.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { concatAll } from "../../streams/accumulator.ts";
import { boundTo, claimedMethod } from "./bound-to.ts";
import { expectThat } from "./conformance-error.ts";
import type { Rule } from "./rule.ts";
import { quoted, type Trial } from "./trial.ts";

const UNICODE = 'Grüße 🦜 한국어 "x"';
const TOOL_PROMPT = 'Call the tool "say" with exactly this text: Grüße 🦜 한국어 "x"';
const SAY = {
  name: "say",
  description: "Says a text aloud.",
  schema: { type: "object", properties: { text: { type: "string", description: "The text." } }, required: ["text"] },
};
const WEATHER_PROMPT = "It is 17 degrees in Bern. Give the city and the degrees, as JSON.";
const WEATHER = {
  title: "weather",
  description: "The weather in a city.",
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
};

/** What only some models can do. */
export const toolRules: readonly Rule[] = [
  {
    name: "tools are called",
    why: "Agents are made of it.",
    kind: "chat_model",
    needs: ["toolCalling"],
    async check(trial) {
      expectCall(await boundTo(trial, SAY).invoke(TOOL_PROMPT, trial.options()), "invoke");
    },
  },
  {
    name: "tool calls are streamed",
    why: "Their pieces are put together by whoever reads them, so that they must fit.",
    kind: "chat_model",
    needs: ["toolCalling", "streaming"],
    async check(trial) {
      expectCall(await streamedCall(trial), "stream");
    },
  },
  {
    name: "tool arguments keep unicode",
    why: "A city may be called Zürich, and a user type an emoji.",
    kind: "chat_model",
    needs: ["toolCalling"],
    async check(trial) {
      const { tool_calls: calls } = await boundTo(trial, SAY).invoke(TOOL_PROMPT, trial.options());
      const fix = "Read the arguments by JSON.parse, from text that was decoded whole.";
      // That there is a call is another rule's.
      for (const { args } of calls) {
        expectThat(
          String(args.text).includes(UNICODE),
          `the argument ${quoted(UNICODE)}`,
          quoted(String(args.text)),
          fix,
        );
      }
    },
  },
  {
    name: "structured output fits its schema",
    why: "The program goes on with a value, not with a text.",
    kind: "chat_model",
    needs: ["structuredOutput"],
    async check(trial) {
      const { structuredOutput: claim } = trial.capabilities;
      const options = { name: "weather", ...(typeof claim === "string" && { method: claim }) };
      const structured = claimedMethod<RunnableInterface<string>>(trial, "withStructuredOutput", "structuredOutput");
      expectWeather(await structured(WEATHER, options).invoke(WEATHER_PROMPT, trial.options()), "invoke");
      let last: unknown;
      for await (const value of await structured(WEATHER, options).stream(WEATHER_PROMPT, trial.options()))
        last = value;
      expectWeather(last, "the last value of stream");
    },
  },
];

function expectWeather(value: unknown, verb: string): void {
  const fits = isPlainRecord(value) && typeof value.city === "string" && typeof value.degrees === "number";
  const fix = "Ask the provider for JSON of the schema, and check what comes.";
  const came = writeJson(value) ?? describeValue(value);
  expectThat(fits, `${verb} to give a city as text and degrees as a number`, came, fix);
}

async function streamedCall(trial: Trial): Promise<AIMessageChunk> {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await boundTo(trial, SAY).stream(TOOL_PROMPT, trial.options())) chunks.push(chunk);
  const sum = concatAll(chunks);
  expectThat(sum !== undefined, "a stream with a tool call", "no chunk", "Yield tool_call_chunks.");
  return sum;
}

/** Sees to it that the tool is called, by whole calls and nothing else. */
function expectCall({ tool_calls: calls, invalid_tool_calls: broken }: AIMessageChunk, verb: string): void {
  const fix = "Set tool_calls on the message, or tool_call_chunks on chunks, with name, args as an object, and id.";
  const came = writeJson([...calls, ...broken]) ?? "";
  const isWhole = calls.length > 0 && broken.length === 0;
  expectThat(isWhole, `${verb} to give a call of the tool "say"`, came === "[]" ? "no call" : came, fix);
  for (const { name, args, id } of calls) {
    const isFit = name === "say" && isPlainRecord(args) && typeof args.text === "string";
    expectThat(isFit, `the tool "say" to be called with a text`, came, fix);
    expectThat(typeof id === "string" && id !== "", "a call with an id", came, fix);
  }
}
