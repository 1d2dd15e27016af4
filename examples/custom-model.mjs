// A chat model of your own: two hooks, checked by the rules that linnet brings along.
import { AIMessage, AIMessageChunk, BaseChatModel, ChatGeneration, ChatGenerationChunk, ChatResult } from "linnet";
import { chatModelConformance } from "linnet/testing";

/** Says what it heard backwards, word by word. A real model would ask its provider in the two hooks. */
class Backwards extends BaseChatModel {
  _llmType() {
    return "backwards";
  }

  _identifyingParams() {
    return { model_name: "backwards-1" };
  }

  _generate(messages, options) {
    const message = new AIMessage({
      content: this.#words(messages, options.stop).join(""),
      usage_metadata: this.#usage(messages, options.stop),
    });
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  async *_stream(messages, options) {
    for (const word of this.#words(messages, options.stop)) {
      yield new ChatGenerationChunk({ message: new AIMessageChunk(word) });
    }
    // What the answer took comes with the last chunk, once.
    const message = new AIMessageChunk({ content: "", usage_metadata: this.#usage(messages, options.stop) });
    yield new ChatGenerationChunk({ message });
  }

  /** The words of the answer; a stop text ends it, and is part of it. */
  #words(messages, stop = []) {
    const answer = [...(messages.at(-1)?.text ?? "")].reverse().join("");
    const ends = stop.map((text) => [answer.indexOf(text), text.length]).filter(([start]) => start >= 0);
    const end = Math.min(answer.length, ...ends.map(([start, length]) => start + length));
    return answer.slice(0, end).match(/\S+\s*|\s+/g) ?? [];
  }

  #usage(messages, stop) {
    const input_tokens = messages.reduce((sum, { text }) => sum + text.split(" ").length, 0);
    const output_tokens = this.#words(messages, stop).length;
    return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
  }
}

const reply = await new Backwards().invoke("olleh dlrow");
console.log(reply.text);
console.log(reply.usage_metadata);

const results = { kept: 0, skipped: 0, broken: 0 };
for (const { name, why, skip, run } of chatModelConformance(() => new Backwards())) {
  try {
    await run();
    results[skip === undefined ? "kept" : "skipped"] += 1;
  } catch (error) {
    results.broken += 1;
    console.log(`broken: ${name} (${why})\n${error.message}`);
  }
}
console.log(`${results.kept} rules kept, ${results.broken} broken, ${results.skipped} skipped`);
process.exitCode = results.broken === 0 ? 0 : 1;
