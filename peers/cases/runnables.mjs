/**
 * Random programs of all runnable classes that compose, as plain data, and how a library makes them. Steps take and give
 * texts, or objects of texts with the keys `a` and `b`. What the decisions change beyond the rules of
 * test/helpers/peer-runnables.ts is not made: a binding of a binding, a retry of a retry, a branch that is the root of events.
 */
import fc from "fast-check";
import { models } from "../../test/fixtures/cases/models.mjs";

const plain = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("suffix"), text: fc.constantFrom("!", "?", "z") }) },
  { weight: 3, arbitrary: fc.constant({ kind: "chunks" }) },
  { weight: 2, arbitrary: fc.constant({ kind: "passthrough" }) },
  { weight: 1, arbitrary: fc.constant({ kind: "later" }) },
  { weight: 1, arbitrary: fc.constant({ kind: "event" }) },
);
/** An LLM, or a chain as apps have them, with steps around it. */
const speaking = fc.oneof(
  fc.constant({ kind: "LLM" }),
  fc.record({
    kind: fc.constant("chain"),
    before: fc.array(plain, { maxLength: 2 }),
    after: fc.array(plain, { maxLength: 2 }),
  }),
);
/** A tool that is given a text, arguments or a model's call. */
const tool = fc.record({
  kind: fc.constant("tool"),
  form: fc.constantFrom("text", "arguments", "call", "generator", "artifact", "class", "nested"),
});
const step = fc.oneof(
  { weight: 10, arbitrary: plain },
  { weight: 2, arbitrary: speaking },
  { weight: 2, arbitrary: tool },
);
const failure = fc.constantFrom({ kind: "failure" }, { kind: "failure", by: "tool" });
const taking = fc.constantFrom({ kind: "pick" }, { kind: "join" });

const of = (kind, parts) => fc.record({ kind: fc.constant(kind), ...parts });

/** Programs that give a text for a text. @param failures whether steps may fail for good */
export function programs({ failures }) {
  const { text } = fc.letrec((tie) => {
    const text = tie("text");
    const steps = (like) => ({ steps: fc.array(like, { minLength: 2, maxLength: 3 }) });
    const branches = { a: text, b: text };
    return {
      text: fc.oneof(
        { maxDepth: 4, depthIdentifier: "program", withCrossShrink: true },
        step,
        ...(failures ? [failure] : []),
        of("sequence", steps(text)),
        of("detour", { make: tie("object"), change: tie("change"), take: tie("take") }),
        of("branch", { first: fc.boolean(), waits: fc.boolean(), ...branches }),
        of("fallbacks", { a: fc.oneof(failure, text), b: text }),
        of("retry", { of: text }),
        of("binding", { of: text, name: fc.boolean(), tags: fc.constantFrom([], ["x"], ["x", "y"]) }),
        of("each", { of: text }),
        of("router", { key: fc.constantFrom("a", "b"), a: step, b: step }),
        of("returned", { of: text }),
        of("called", { of: text }),
      ),
      object: fc.oneof(
        { depthIdentifier: "program" },
        fc.constantFrom({ kind: "object" }, { kind: "keys" }),
        of("map", branches),
      ),
      change: fc.oneof(
        { depthIdentifier: "program" },
        fc.constantFrom({ kind: "passthrough" }, { kind: "pick both" }),
        of("assign", { key: fc.constantFrom("a", "c"), of: tie("take") }),
        of("map", { a: tie("take"), b: tie("take") }),
        of("sequence", steps(tie("change"))),
      ),
      take: fc.oneof({ depthIdentifier: "program" }, taking, of("sequence", { steps: fc.tuple(taking, text) })),
    };
  });
  return text;
}

/** Whether a program has a part of one of these kinds. */
export function has(program, ...kinds) {
  const text = JSON.stringify(program);
  return kinds.some((kind) => text.includes(`"kind":"${kind}"`));
}

/** Makes a program with a library. */
export function make(lib, program) {
  const lambda = (func) => lib.RunnableLambda.from(func);
  const inner = (part) => make(lib, part);
  const { kind } = program;
  const makers = {
    suffix: () => lambda((x) => x + program.text),
    chunks: () =>
      lambda(async function* (x) {
        yield x;
        yield "+";
      }),
    passthrough: () => new lib.RunnablePassthrough(),
    later: () =>
      lambda(async (x) => {
        await null;
        return `${x}~`;
      }),
    event: () =>
      lambda(async (x, config) => {
        await lib.dispatchCustomEvent("progress", { done: x }, config);
        return x;
      }),
    chain: () =>
      lib.RunnableSequence.from([
        ...program.before.map(inner),
        lambda((word) => ({ word })),
        lib.ChatPromptTemplate.fromMessages([["human", "{word}"]]),
        new (models(lib).StreamingEchoChatModel)({ length: 3 }),
        new lib.StringOutputParser(),
        ...program.after.map(inner),
      ]),
    LLM: () => new (models(lib).StreamingEchoLLM)({ length: 3 }),
    failure: () => {
      const fail = () => {
        throw new Error("no luck");
      };
      return program.by === "tool" ? lib.tool(fail, { name: "failing" }) : lambda(fail);
    },
    tool: () => makeTool(lib, program.form),
    sequence: () => lib.RunnableSequence.from(program.steps.map(inner)),
    detour: () => lib.RunnableSequence.from([inner(program.make), inner(program.change), inner(program.take)]),
    branch: () => {
      const { first, waits } = program;
      const condition = waits ? async () => first : () => first;
      return lib.RunnableBranch.from([[condition, inner(program.a)], inner(program.b)]);
    },
    fallbacks: () => inner(program.a).withFallbacks([inner(program.b)]),
    retry: () => (has(program.of, "retry") ? inner(program.of) : inner(program.of).withRetry()),
    binding: () => {
      if (has(program.of, "binding")) return inner(program.of);
      const name = program.name ? { runName: "named" } : {};
      return inner(program.of).withConfig({ ...name, tags: program.tags });
    },
    each: () =>
      lib.RunnableSequence.from([
        lambda((x) => [x, `${x}2`]),
        new lib.RunnableEach({ bound: inner(program.of) }),
        lambda((list) => list.join("|")),
      ]),
    router: () =>
      lib.RunnableSequence.from([
        lambda((input) => ({ key: program.key, input })),
        new lib.RouterRunnable({ runnables: { a: inner(program.a), b: inner(program.b) } }),
      ]),
    returned: () => {
      const made = inner(program.of);
      return lambda(() => made);
    },
    called: () => {
      const made = inner(program.of);
      return lambda((x, config) => made.invoke(x, config));
    },
    object: () => lambda((x) => ({ a: x, b: `${x}b` })),
    keys: () =>
      lambda(async function* (x) {
        yield { a: x };
        yield { b: `${x}b` };
        yield { a: "+" };
      }),
    map: () => lib.RunnableParallel.from({ a: inner(program.a), b: inner(program.b) }),
    assign: () => lib.RunnablePassthrough.assign({ [program.key]: inner(program.of) }),
    "pick both": () => new lib.RunnablePick(["a", "b"]),
    pick: () => new lib.RunnablePick("a"),
    join: () => lambda((x) => `${x.a}&${x.b}`),
  };
  return makers[kind]();
}

const TEXT = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };

/** A step from text to text with a tool in it. */
function makeTool(lib, form) {
  const lambda = (func) => lib.RunnableLambda.from(func);
  const toArgs = lambda((a) => ({ a }));
  const toCall = lambda((a) => ({ type: "tool_call", name: "t", args: { a }, id: "call-1" }));
  const made = (func, more) => lib.tool(func, { name: "t", schema: TEXT, ...more });
  const mark = ({ a }) => `${a}#`;
  class Marking extends lib.StructuredTool {
    name = "t";
    description = "Marks.";
    schema = TEXT;
    async _call({ a }) {
      return `${a}#`;
    }
  }
  const makers = {
    text: () => lib.tool((text) => `${text}#`, { name: "t" }),
    arguments: () => toArgs.pipe(made(mark)),
    call: () => toCall.pipe(made(mark)).pipe(lambda(({ content }) => content)),
    generator: () =>
      toArgs.pipe(
        made(async function* ({ a }) {
          yield a;
          yield "on the way";
          return `${a}#`;
        }),
      ),
    artifact: () =>
      toCall
        .pipe(made(({ a }) => [a, { mark: "#" }], { responseFormat: "content_and_artifact" }))
        .pipe(lambda(({ content, artifact }) => content + artifact.mark)),
    class: () => toArgs.pipe(new Marking()),
    nested: () =>
      toArgs.pipe(
        made(({ a }, config) => lambda((text) => `${text}#`).invoke(a, config), { metadata: { nested: true } }),
      ),
  };
  return makers[form]();
}
