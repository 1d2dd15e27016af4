import type { StreamEvent } from "../../events/stream-event.ts";
import { writeJson } from "../../json/safe-json.ts";
import { Secret } from "../../secrets/secret.ts";
import { expectThat } from "./conformance-error.ts";
import type { Rule } from "./rule.ts";
import { ToldTokens } from "./told-tokens.ts";
import { quoted, type TestedModel, textOf } from "./trial.ts";

const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** Fields that hold a key where they hold a text. */
const LIKE_A_KEY = /api_?key|secret|password|(access|auth|bearer)_?token/i;

/** A shorter text of a `Secret` is not looked for. */
const SHORTEST_SECRET = 6;

/** Who the model says it is, and what those see who watch it. */
export const watchingRules: readonly Rule[] = [
  {
    name: "the kind is named",
    why: "Logs and stored runs say by it what kind of model spoke.",
    async check({ model }) {
      const kind: unknown = typeof model._llmType === "function" ? model._llmType() : model._llmType;
      const fix = 'Return a word, such as "echoing-chat-model".';
      expectThat(typeof kind === "string" && kind !== "", "_llmType() to be a word", shown(kind), fix);
    },
  },
  {
    name: "the model is named",
    why: "Services that watch models look for model_name, to know what a token costs.",
    async check(trial) {
      const told: unknown[] = [];
      const note = (...parameters: unknown[]): void => {
        told.push((parameters[4] as { invocation_params?: { model_name?: unknown } } | undefined)?.invocation_params);
      };
      await trial.ask(trial.prompt, { callbacks: [{ handleChatModelStart: note, handleLLMStart: note }] });
      const name = (told[0] as { model_name?: unknown } | undefined)?.model_name;
      const fix = "Return { model_name } from _identifyingParams().";
      expectThat(typeof name === "string" && name !== "", "handlers to be told of model_name", shown(name), fix);
    },
  },
  {
    name: "tokens are told before they are read",
    why: "Who watches a model sees each token, once, not later than its reader.",
    needs: ["streaming"],
    async check(trial) {
      const told = new ToldTokens();
      let read = "";
      const fix = "Report the text of the chunk that you yield, or leave reports to the base class.";
      for await (const chunk of await trial.model.stream(trial.prompt, trial.options({ callbacks: [told] }))) {
        read += textOf(chunk);
        expectThat(told.text.startsWith(read), `${quoted(read)} to be told of once it is read`, quoted(told.text), fix);
      }
      expectThat(told.text === read, `no more to be told of than ${quoted(read)}`, quoted(told.text), fix);
    },
  },
  {
    name: "events show the call",
    why: "Programs that show what goes on inside them are made of events.",
    async check(trial) {
      const events: StreamEvent[] = [];
      for await (const event of trial.model.streamEvents(trial.prompt, { ...trial.options(), version: "v2" }))
        events.push(event);
      const names: string[] = events.filter(({ run_id }) => run_id === events[0]?.run_id).map(({ event }) => event);
      const expected = [`on_${trial.kind}_start`, `on_${trial.kind}_stream`, `on_${trial.kind}_end`];
      // A model without a stream hook may tell of its answer as a chunk, and need not.
      if (!trial.streams && !names.includes(expected[1] as string)) expected.splice(1, 1);
      const rows = names.filter((name, place) => name !== names[place - 1]);
      const fix = "Write hooks, and leave invoke and stream to the base class.";
      expectThat(rows.join() === expected.join(), `the events ${expected.join(", ")}`, rows.join(", ") || "none", fix);
    },
  },
  {
    name: "secrets stay hidden",
    why: "A key in a log is a key that others have.",
    async check(trial) {
      const { model, capabilities } = trial;
      const secrets = capabilities.secrets ?? keysOf(model);
      const prints: [string, unknown][] = [
        ["String(model)", String(model)],
        ["JSON.stringify(model)", model],
        ["util.inspect(model)", inspected(model)],
      ];
      const note =
        (moment: string) =>
        (...parameters: unknown[]) =>
          void prints.push([moment, parameters]);
      const moments = ["handleChatModelStart", "handleLLMStart", "handleLLMNewToken", "handleLLMEnd"];
      const callbacks = [Object.fromEntries(moments.map((moment) => [moment, note(moment)]))];
      for await (const event of model.streamEvents(trial.prompt, { ...trial.options({ callbacks }), version: "v2" })) {
        prints.push([event.event, event]);
      }
      for (const [place, value] of prints) {
        const print = typeof value === "string" ? value : (writeJson(value) ?? "");
        const isShown = secrets.some((secret) => secret !== "" && print.includes(secret));
        expectThat(!isShown, `${place} to show no key`, "one in plain sight", "Keep keys as a Secret.");
      }
    },
  },
];

function shown(value: unknown): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

/** The texts of secrets, and of fields that sound like keys. */
function keysOf(model: object): string[] {
  return Object.entries(model).flatMap(([name, value]) => {
    // A word or two of a secret may stand anywhere by chance.
    if (Secret.isInstance(value)) return value.reveal().length < SHORTEST_SECRET ? [] : [value.reveal()];
    return LIKE_A_KEY.test(name) && typeof value === "string" ? [value] : [];
  });
}

/** What Node's `util.inspect` shows of a model. */
function inspected(model: TestedModel): string {
  const inspect = (model as unknown as Record<symbol, unknown>)[INSPECT];
  return typeof inspect === "function" ? String(inspect.call(model, 2, {}, writeJson)) : "";
}
