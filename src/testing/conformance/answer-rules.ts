import { expectThat } from "./conformance-error.ts";
import type { Rule } from "./rule.ts";
import { quoted, type TestedModel, type Trial, textOf } from "./trial.ts";

const UNICODE_PROMPT = "Größe 🦜 한국어 👩‍👩‍👧 naïve é — 🦜🦜🦜 end";

/** The async hooks, each with the plain hook that it must agree with and the verb that calls both. */
const TWINS = [
  ["_agenerate", "_generate", "invoke"],
  ["_acall", "_call", "invoke"],
  ["_astream", "_stream", "stream"],
  ["_astream", "_streamResponseChunks", "stream"],
] as const;

/** What is said: by every verb the same, whole and in order. */
export const answerRules: readonly Rule[] = [
  {
    name: "invoke answers",
    why: "A call without an answer of its kind breaks whatever comes after the model.",
    async check(trial) {
      const reply = await trial.ask(trial.prompt);
      const hasCalls = typeof reply !== "string" && reply.tool_calls.length > 0;
      const fix = "Put what the provider said into the message's content.";
      expectThat(hasCalls || textOf(reply) !== "", "an answer with a text or tool calls", "an empty one", fix);
    },
  },
  {
    name: "batch keeps the order",
    why: "The answer at a place belongs to the input at that place.",
    async check(trial) {
      const prompts = numbered(trial.prompt);
      const replies = await trial.model.batch(prompts, trial.options());
      const fix = "Leave batch to the base class.";
      expectThat(replies.length === 3, "3 answers to 3 inputs", String(replies.length), fix);
      if (!trial.isDeterministic) return;
      for (const [place, prompt] of prompts.entries()) {
        const alone = textOf(await trial.ask(prompt, undefined, await trial.another()));
        const came = textOf(replies[place] ?? "");
        expectThat(came === alone, `answer ${place} of batch to be ${quoted(alone)}`, quoted(came), fix);
      }
    },
  },
  {
    name: "answers stream in pieces",
    why: "Who waits for an answer wants to read it while it is written.",
    needs: ["streaming"],
    async check(trial) {
      const pieces = (await trial.read(trial.prompt)).filter((chunk) => textOf(chunk) !== "");
      const fix = "Yield each piece when it arrives, or claim { streaming: false }.";
      expectThat(pieces.length > 1, "at least 2 chunks with text", String(pieces.length), fix);
    },
  },
  {
    name: "a stream says what invoke says",
    why: "A program may change from one to the other without a change of what it gets.",
    needs: ["deterministic"],
    async check(trial) {
      const whole = textOf(await trial.ask(trial.prompt));
      const fix = "Make the stream hook and the generate hook from the same answer.";
      for (const verb of ["stream", "astream"] as const) {
        const model = await trial.another();
        const chunks = verb === "stream" ? await trial.read(trial.prompt, {}, model) : await readLate(model, trial);
        const sum = textOf(chunks);
        expectThat(sum === whole, `the chunks of ${verb} to sum to ${quoted(whole)}`, quoted(sum), fix);
      }
    },
  },
  {
    name: "async hooks say what plain hooks say",
    why: "Which of the two is called is the framework's choice.",
    needs: ["deterministic"],
    async check(trial) {
      for (const [twin, plain, verb] of TWINS) await expectTwin(trial, twin, plain, verb);
    },
  },
  {
    name: "unicode stays whole",
    why: "Half of an emoji shows as a box, on every terminal and page.",
    async check(trial) {
      const chunks = await trial.read(UNICODE_PROMPT);
      const fix = "Cut texts by Array.from(text), and bytes by a TextDecoder with { stream: true }.";
      for (const text of [
        textOf(await trial.ask(UNICODE_PROMPT, undefined, await trial.another())),
        ...chunks.map(textOf),
      ]) {
        expectThat(!/[\ud800-\udfff]/u.test(text), "no half characters", quoted(text), fix);
      }
    },
  },
];

function numbered(prompt: string): string[] {
  return ["One", "Two", "Three"].map((number) => `${number}: ${prompt}`);
}

async function readLate(model: TestedModel, trial: Trial): Promise<string> {
  let text = "";
  for await (const chunk of model.astream(trial.prompt, trial.options())) text += textOf(chunk);
  return text;
}

async function expectTwin(trial: Trial, twin: string, plain: string, verb: "invoke" | "stream"): Promise<void> {
  const model = (await trial.another()) as unknown as Record<string, unknown> & TestedModel;
  if (typeof model[twin] !== "function" || typeof model[plain] !== "function") return;
  const say = async (): Promise<string> =>
    textOf(verb === "invoke" ? await trial.ask(trial.prompt, {}, model) : await trial.read(trial.prompt, {}, model));
  const said = await say();
  const own = Object.getOwnPropertyDescriptor(model, twin);
  Object.defineProperty(model, twin, { value: undefined, configurable: true, writable: true });
  try {
    const expected = await say();
    const fix = "Let one of them call the other.";
    expectThat(said === expected, `${twin} to say ${quoted(expected)}, as ${plain} does`, quoted(said), fix);
  } finally {
    if (own === undefined) delete (model as Record<string, unknown>)[twin];
    else Object.defineProperty(model, twin, own);
  }
}
