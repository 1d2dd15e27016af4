import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { concatAll } from "../../streams/accumulator.ts";
import { expectThat } from "./conformance-error.ts";
import type { Rule } from "./rule.ts";
import { quoted, type Trial, textOf } from "./trial.ts";

const COUNTS = ["input_tokens", "output_tokens", "total_tokens"] as const;

/** Where answers end, and what they cost. */
export const limitRules: readonly Rule[] = [
  {
    name: "stop texts end invoke",
    why: "A parser that looks for the stop text cuts the answer there; what follows is paid for and lost.",
    needs: ["stop"],
    check: (trial) => expectStop(trial, async (stop) => textOf(await trial.ask(trial.prompt, { stop }))),
  },
  {
    name: "stop texts end a stream",
    why: "The same, for an answer that is streamed.",
    needs: ["stop"],
    check: (trial) => expectStop(trial, async (stop) => textOf(await trial.read(trial.prompt, { stop }))),
  },
  {
    name: "invoke counts tokens",
    why: "Tokens are what a call costs.",
    kind: "chat_model",
    needs: ["usage"],
    async check(trial) {
      expectUsage((await trial.ask(trial.prompt)) as AIMessageChunk, "invoke");
    },
  },
  {
    name: "a stream counts tokens",
    why: "The chunks are added up: what is counted on each of them is counted many times.",
    kind: "chat_model",
    needs: ["usage"],
    async check(trial) {
      const sum = concatAll((await trial.read(trial.prompt)) as AIMessageChunk[]) as AIMessageChunk;
      const streamed = expectUsage(sum, "stream");
      const { usage_metadata: whole } = (await trial.ask(trial.prompt, {}, await trial.another())) as AIMessageChunk;
      // That invoke counts is another rule's.
      if (whole === undefined) return;
      const fix = "Count the input on one chunk only.";
      for (const count of trial.isDeterministic ? COUNTS : COUNTS.slice(0, 1)) {
        const came = streamed[count];
        expectThat(came === whole[count], `${count} to be ${whole[count]}, as by invoke`, String(came), fix);
      }
    },
  },
];

/** Asks without stop texts, takes one from the midst of the answer, and asks again. */
async function expectStop(trial: Trial, ask: (stop: string[]) => Promise<string>): Promise<void> {
  const whole = textOf(await trial.ask(trial.prompt, {}, await trial.another()));
  const characters = Array.from(whole);
  const middle = Math.floor(characters.length / 2);
  const word = characters.slice(middle, middle + 2).join("");
  expectThat(characters.length > 3, "an answer of at least 4 characters", quoted(whole), "Give a longer { prompt }.");
  const stop = ["\u0000", word];
  const said = await ask(stop);
  const cut = whole.slice(0, whole.indexOf(word) + word.length);
  const fix = "End at the first of options.stop, and keep it as the answer's end; or claim { stop: false }.";
  if (trial.isDeterministic)
    expectThat(said === cut, `the stop text ${quoted(word)} to end the answer as ${quoted(cut)}`, quoted(said), fix);
  expectThat(stop.length === 2, "options.stop as it was", stop.join(), "Make a new list of stop texts.");
  const found = said.indexOf(word);
  const endsThere = found === -1 || found + word.length === said.length;
  expectThat(endsThere, `the answer to end with the stop text ${quoted(word)}`, quoted(said), fix);
}

function expectUsage({ usage_metadata: usage }: AIMessageChunk, verb: string): UsageMetadata {
  const fix =
    "Set usage_metadata on the message, with input_tokens, output_tokens and their sum; or claim { usage: false }.";
  expectThat(usage !== undefined, `${verb} to give usage_metadata`, "none", fix);
  const isCounted = COUNTS.every((count) => Number.isInteger(usage[count]) && usage[count] >= 0);
  const adds = usage.input_tokens + usage.output_tokens === usage.total_tokens;
  expectThat(isCounted && adds, "counts that add up to total_tokens", JSON.stringify(usage), fix);
  return usage;
}
