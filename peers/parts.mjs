/**
 * The models, prompts and chains that the rows time, made of a library's own classes. The models are written as their authors
 * write them for the peer: hooks of its names, and each token reported before its chunk is handed on.
 */

import { words } from "./words.mjs";

/** What a chain of a prompt, a model and a parser is asked. */
export const input = { topic: "finches", tone: "kind" };

/** A chat model that answers at once. */
export function answeringModel(library) {
  const { AIMessage, BaseChatModel } = library;
  class AnsweringModel extends BaseChatModel {
    _llmType() {
      return "answering";
    }

    async _generate() {
      return { generations: [{ text: "Finches sing.", message: new AIMessage("Finches sing.") }] };
    }
  }
  return new AnsweringModel({});
}

/** A chat model that streams so many tokens, without a wait. */
export function streamingModel(library, tokens) {
  const { AIMessage, BaseChatModel } = library;
  class StreamingModel extends BaseChatModel {
    _llmType() {
      return "streaming";
    }

    async _generate() {
      return { generations: [{ text: "", message: new AIMessage("") }] };
    }

    async *_streamResponseChunks(_messages, _options, runManager) {
      for (let place = 0; place < tokens; place += 1) {
        const chunk = chunkAt(library, place);
        await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
        yield chunk;
      }
    }
  }
  return new StreamingModel({});
}

/**
 * Opens the model's generator without the library around it: what the language takes by itself. The model is made once, as it
 * is for the libraries: to define its class for each stream would take longer than to stream 20 tokens.
 */
export function bareTokens(library, tokens) {
  const model = streamingModel(library, tokens);
  return () => model._streamResponseChunks([], {}, undefined);
}

function chunkAt({ AIMessageChunk, ChatGenerationChunk }, place) {
  const text = words[place % words.length];
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) });
}

/** The prompt of the chains. */
export function chatPrompt({ ChatPromptTemplate }) {
  return ChatPromptTemplate.fromMessages([
    ["system", "You are a {tone} ornithologist."],
    ["human", "Tell me of {topic}."],
  ]);
}

/** Prompt, model, parser. */
export function chainOf(library, model) {
  return chatPrompt(library).pipe(model).pipe(new library.StringOutputParser());
}

/** Three functions in a row. */
export function threeLambdas({ RunnableLambda }) {
  const addOne = RunnableLambda.from((number) => number + 1);
  return addOne.pipe(RunnableLambda.from((number) => number * 2)).pipe(RunnableLambda.from((number) => number - 1));
}

/** Reads a stream to its end. */
export async function readAll(stream) {
  let items = 0;
  for await (const _item of stream) items += 1;
  return items;
}

/** Does the same work so many times, one after the other. */
export function times(count, work) {
  return async () => {
    let last;
    for (let call = 0; call < count; call += 1) last = await work();
    return last;
  };
}
