/**
 * Random models and calls of them, as plain data, and how a library makes and calls them. A model answers with what its script
 * says, whatever it is asked; it counts how often its hooks are called.
 */
import fc from "fast-check";
import { toPlain } from "../../test/fixtures/event-plain.mjs";

const piece = fc.constantFrom("a", "bird ", "", "é🐦", "x.y");
const usage = fc.constantFrom(undefined, { input_tokens: 3, output_tokens: 2, total_tokens: 5 });
const info = fc.constantFrom(undefined, {}, { finish_reason: "stop" }, { finish_reason: "length", logprobs: [1] });
const call = fc.constantFrom(undefined, { name: "look", args: { at: "sky" }, id: "c1", type: "tool_call" });

const script = fc.record({
  pieces: fc.array(piece, { maxLength: 4 }),
  usage,
  info,
  call,
  llmOutput: fc.constantFrom(undefined, { model_name: "m" }, { tokenUsage: { totalTokens: 5 } }),
  id: fc.constantFrom(undefined, undefined, "msg_1"),
  /** How many generations an answer has. */
  count: fc.constantFrom(1, 1, 1, 2),
  /** Before which piece it fails, where that is reached. */
  failsAt: fc.constantFrom(undefined, undefined, undefined, 0, 1, 9),
});

/** Programs: a model, and calls of it one after the other. */
export const programs = fc.record({
  kind: fc.constantFrom("chat", "chat", "chat", "simple", "base LLM", "LLM"),
  streams: fc.boolean(),
  tells: fc.boolean(),
  combines: fc.boolean(),
  cached: fc.constantFrom(false, false, true),
  script,
  own: fc.constantFrom({}, { tags: ["own"], metadata: { of: "the model" } }),
  calls: fc.array(
    fc.record({
      verb: fc.constantFrom("invoke", "generate", "generatePrompt", "batch", "stream", "events"),
      inputs: fc.array(fc.constantFrom("one", "two", "three"), { minLength: 1, maxLength: 3 }),
      as: fc.constantFrom("text", "messages", "prompt"),
      options: fc.constantFrom({}, { stop: ["."] }, { stop: ["a"], temperature: 1 }, { tools: [{ name: "look" }] }),
      bound: fc.boolean(),
      config: fc.constantFrom({}, { tags: ["t"], metadata: { a: 1 } }, { runName: "named" }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

export const isLLM = ({ kind }) => kind.endsWith("LLM");

/** What one answer is, as a text: that of all pieces. */
const textOf = ({ pieces }) => pieces.join("");

function checkFailure({ failsAt, pieces }, place) {
  if (failsAt === undefined) return;
  if (failsAt === place || (place === undefined && failsAt <= pieces.length)) throw new Error("no luck");
}

/** Makes the model of a program, and a list of the options that its hooks were given. */
export function makeModel(lib, program) {
  const { script: said, own, cached } = program;
  const asked = [];
  const note = (options) => {
    const { signal: _, promptIndex: __, ...given } = options;
    asked.push(toPlain(given));
  };
  const message = (Message, fields) => {
    const tool_calls = said.call === undefined ? {} : { tool_calls: [{ ...said.call }] };
    return new Message({ ...(said.id && { id: said.id }), ...tool_calls, ...fields });
  };
  const generations = () =>
    Array.from({ length: said.count }, () => ({
      text: textOf(said),
      ...(said.info && { generationInfo: { ...said.info } }),
    }));
  const chatResult = () => ({
    generations: generations().map((generation) => ({
      ...generation,
      message: message(lib.AIMessage, {
        content: textOf(said),
        ...(said.usage && { usage_metadata: { ...said.usage } }),
      }),
    })),
    ...(said.llmOutput && { llmOutput: { ...said.llmOutput } }),
  });
  // With the last chunk alone: how facts of several are summed is 0011.
  const isLast = (place) => place === said.pieces.length - 1;
  const factsOf = (place) => isLast(place) && said.info && { generationInfo: { ...said.info } };
  const chunks = isLLM(program)
    ? () => said.pieces.map((text, place) => new lib.GenerationChunk({ text, ...factsOf(place) }))
    : () =>
        said.pieces.map((content, place) => {
          const more = isLast(place) && said.usage ? { usage_metadata: { ...said.usage } } : {};
          return new lib.ChatGenerationChunk({
            text: content,
            message: new lib.AIMessageChunk({ content, ...(said.id && { id: said.id }), ...more }),
            ...factsOf(place),
          });
        });
  async function* stream(_input, options, runManager) {
    note(options);
    for (const [place, chunk] of chunks().entries()) {
      checkFailure(said, place);
      if (program.tells) {
        await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
      }
      yield chunk;
    }
    checkFailure(said, said.pieces.length);
  }
  const hooks = {
    chat: {
      async _generate(_messages, options) {
        note(options);
        checkFailure(said);
        return chatResult();
      },
    },
    "base LLM": {
      async _generate(prompts, options) {
        note(options);
        checkFailure(said);
        const llmOutput = said.llmOutput && { llmOutput: { ...said.llmOutput } };
        return { generations: prompts.map(() => generations()), ...llmOutput };
      },
    },
  };
  hooks.simple = hooks.LLM = {
    async _call(_input, options) {
      note(options);
      checkFailure(said);
      return textOf(said);
    },
  };
  const bases = { chat: lib.BaseChatModel, simple: lib.SimpleChatModel, "base LLM": lib.BaseLLM, LLM: lib.LLM };
  class Scripted extends bases[program.kind] {
    static lc_name() {
      return "Scripted";
    }
    _llmType() {
      return "scripted";
    }
    _identifyingParams() {
      return { model_name: "m" };
    }
    invocationParams() {
      return { model_name: "m" };
    }
  }
  Object.assign(Scripted.prototype, hooks[program.kind]);
  if (program.streams) Scripted.prototype._streamResponseChunks = stream;
  if (program.combines) {
    Scripted.prototype._combineLLMOutput = (...outputs) => ({ outputs: outputs.map((output) => output ?? null) });
  }
  // Both with the retries of linnet's default, which the hooks here do not use.
  const model = new Scripted({ ...own, maxRetries: 0, ...(cached && { cache: new lib.InMemoryCache() }) });
  return { model, asked };
}

/** The calls of a handler, each `[method, ...arguments]`. */
function recorderOf(lib, told) {
  class Recorder extends lib.BaseCallbackHandler {
    name = "recorder";
    awaitHandlers = true;
  }
  for (const method of [
    "handleLLMStart",
    "handleChatModelStart",
    "handleLLMNewToken",
    "handleLLMEnd",
    "handleLLMError",
  ]) {
    Recorder.prototype[method] = (...given) => void told.push([method, ...given]);
  }
  return new Recorder();
}

const inputOf = {
  text: (_lib, text) => text,
  messages: (lib, text) => [new lib.SystemMessage("Be brief."), new lib.HumanMessage(text)],
  prompt: (lib, text) => new lib.StringPromptValue(text),
};

const verbs = {
  invoke: (runnable, [input], config) => runnable.invoke(input, config),
  batch: (runnable, inputs, config) => runnable.batch(inputs, config),
  stream: async (runnable, [input], config) => collect(await runnable.stream(input, config)),
  events: async (runnable, [input], config) => collect(runnable.streamEvents(input, { ...config, version: "v2" })),
};

async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Calls a model as one call of a program says: what the caller got, and what a handler was told. */
export async function callModel(lib, model, call, program) {
  const told = [];
  const { verb, inputs, options, bound } = call;
  const config = { ...call.config, callbacks: [recorderOf(lib, told)] };
  const asGenerate = verb.startsWith("generate");
  let outcome;
  try {
    if (asGenerate) {
      const prompts = inputs.map((text) => {
        if (verb === "generatePrompt") return new lib.StringPromptValue(text);
        return isLLM(program) ? text : [new lib.HumanMessage(text)];
      });
      outcome = ["gives", await model[verb](prompts, { ...options, ...config })];
    } else {
      const given = inputs.map((text) => inputOf[call.as](lib, text));
      const target = bound ? model.withConfig(options) : model;
      outcome = ["gives", await verbs[verb](target, given, bound ? config : { ...options, ...config })];
    }
  } catch (error) {
    outcome = ["rejects", error];
  }
  // What else was under way goes on.
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return { outcome, told };
}
