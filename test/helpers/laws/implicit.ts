import { EventEmitter } from "node:events";
import fc from "fast-check";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { type NestedVerb, nestedIn } from "./compositions.ts";
import { type Program, type StepKind, stepKind } from "./kind.ts";
import { textOf } from "./leaves.ts";

type ConfigOf = (config: RunnableConfig) => RunnableConfig | undefined;

const nestedBy = (configOf: ConfigOf): StepKind =>
  stepKind<{ of: Program; verb: NestedVerb }>({
    name: "implicit",
    gives: "text",
    traits: ["implicit", "racing"],
    draw: ({ text }) => ({ of: text, verb: fc.constantFrom("invoke", "stream", "batch") }),
    build: ({ of, verb }, { text }) => nestedIn(verb, text(of), configOf),
  });

type Place = "all" | "timer" | "immediate" | "microtask" | "target" | "emitter" | "generator";

/** Calls from the places where programs lose the context. */
const calledBy = (configOf: ConfigOf): StepKind =>
  stepKind<{ of: Program; place: Place }>({
    name: "implicitly",
    gives: "text",
    traits: ["implicit", "racing"],
    draw: ({ text }) => ({
      of: text,
      place: fc.constantFrom("all", "timer", "immediate", "microtask", "target", "emitter", "generator"),
    }),
    build: ({ of, place }, { text, world }) => {
      const inner = text(of);
      const at = world.newPlace();
      const call = (input: string, config: RunnableConfig): Promise<string> => inner.invoke(input, configOf(config));
      const name = `in ${place}`;
      if (place === "generator") {
        return RunnableLambda.from<string, string>(
          async function* (input: string, config: RunnableConfig) {
            yield textOf(await call(textOf(input), config));
            await world.act(at);
            for await (const chunk of await inner.stream(textOf(input), configOf(config))) yield textOf(chunk);
          },
          { name },
        );
      }
      if (place === "all") {
        const both = (input: string, config: RunnableConfig): Promise<string> =>
          Promise.all([call(input, config), world.act(at).then(() => call(`${input}b`, config))]).then((made) =>
            made.map(textOf).join(),
          );
        return RunnableLambda.from((input: string, config: RunnableConfig) => both(textOf(input), config), { name });
      }
      return RunnableLambda.from(
        async (input: string, config: RunnableConfig) => {
          await world.act(at);
          return new Promise<string>((resolve, reject) => {
            callFrom(place, () => call(textOf(input), config).then((made) => resolve(textOf(made)), reject));
          });
        },
        { name },
      );
    },
  });

function callFrom(place: Exclude<Place, "all" | "generator">, call: () => unknown): void {
  if (place === "timer") setTimeout(call);
  else if (place === "immediate") setImmediate(call);
  else if (place === "microtask") queueMicrotask(call);
  else if (place === "target") {
    const target = new EventTarget();
    target.addEventListener("now", call);
    target.dispatchEvent(new Event("now"));
  } else {
    const emitter = new EventEmitter();
    emitter.on("now", call);
    emitter.emit("now");
  }
}

const both = (configOf: ConfigOf): StepKind[] => [nestedBy(configOf), calledBy(configOf)];

/** Nested calls with nothing but the async context to say whose children they are. */
export const implicit: readonly StepKind[] = both(() => undefined);

/** The same by the same names, with the config handed on. */
export const explicit: readonly StepKind[] = both((config) => config);
