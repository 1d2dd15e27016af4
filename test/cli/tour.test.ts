import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { makePaint } from "../../src/cli/paint.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { CustomChatModelAdvanced } from "../../src/cli/tour/custom-chat-model-advanced.ts";
import { CustomLLM } from "../../src/cli/tour/custom-llm.ts";
import { eventLine } from "../../src/cli/tour/event-line.ts";
import type { TourStep } from "../../src/cli/tour/step.ts";
import { tourStops } from "../../src/cli/tour/tour.ts";
import * as linnet from "../../src/entries/index.ts";
import { fakeHost, screenOf } from "./fake-host.ts";

const plain = makePaint(false);
const wide = fakeHost({ columns: 200 });

/** Ids and times differ from run to run; how much of an empty field is shown is no concern of the tour. */
function withoutIds(text: string): string {
  return text
    .replace(/, additional_kwargs: \{\}, response_metadata: \{\}, id: undefined, name: undefined, type: "\w+"/g, "")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replace(/…[0-9a-f]{8}/g, "<id>")
    .replace(/ *\d+\.\d ms/g, " <time>");
}

async function printedTour(options: Parameters<typeof fakeHost>[0] = {}): Promise<string> {
  const host = fakeHost(options);
  expect([await runCli([], host), host.err()]).toEqual([0, ""]);
  return host.out();
}

/** What a step gives, as one text. */
async function given(step: TourStep): Promise<string> {
  switch (step.shows) {
    case "nothing":
      return "";
    case "value":
      return inspect(await step.run(), { depth: 8 });
    case "failure":
      return step.run().then(String, String);
    default: {
      const items: string[] = [];
      for await (const item of step.run() as AsyncIterable<unknown>) items.push(shownItem(item));
      return items.join("");
    }
  }
}

function shownItem(item: unknown): string {
  return typeof item === "string" ? item : eventLine(item as linnet.StreamEvent, plain, wide);
}

/** The code of a stop as a program, each step's value or output put into `results`. */
function programOf(steps: readonly TourStep[]): string {
  const parts = steps.map(({ code, shows }) => {
    if (shows === "nothing") return code;
    const lines = code.split("\n");
    // A value is what the last line gives; before it come statements.
    const start = /^(let|for)/.test(code) ? lines.length - 1 : 0;
    if (shows === "value") {
      return `{ ${lines.slice(0, start).join("\n")}\n results.push(inspect(${lines.slice(start).join("\n")}, { depth: 8 })); }`;
    }
    if (shows === "failure") return `results.push(await (async () => ${code})().then(String, String));`;
    return `{ printed.length = 0;\n${code}\n results.push(printed.join("")); }`;
  });
  return parts.join("\n");
}

describe("the tour", () => {
  it("shows every call of the guides with what it gives", async () => {
    expect(withoutIds(await printedTour())).toMatchInlineSnapshot(`
      "linnet: a small bird that sings what the big parrot says.
      Below each call is what it gives; print, show and tree print their argument.

      1  Messages come whole or in chunks
      A stream gives chunks of a message; chunks add up to the message.

      › new AIMessageChunk("Hello").concat(new AIMessageChunk(" World!"))
        AIMessageChunk { content: 'Hello World!' }

      2  A chat model of your own
      It echoes n characters. Two hooks, _generate and _stream; the rest is inherited.

      › const model = new CustomChatModelAdvanced({
          modelName: "my_custom_model",
          n: 3,
        });
      › await model.invoke([
          new HumanMessage("hello!"),
          new AIMessage("Hi there human!"),
          new HumanMessage("Meow!"),
        ])
        AIMessage {
          content: 'Meo',
          response_metadata: { time_in_seconds: 3 },
          id: 'run-<id>-0'
        }

      › await model.invoke("hello")
        AIMessage {
          content: 'hel',
          response_metadata: { time_in_seconds: 3 },
          id: 'run-<id>-0'
        }

      › await model.batch(["hello", "goodbye"])
        [
          AIMessage {
            content: 'hel',
            response_metadata: { time_in_seconds: 3 },
            id: 'run-<id>-0'
          },
          AIMessage {
            content: 'goo',
            response_metadata: { time_in_seconds: 3 },
            id: 'run-<id>-0'
          }
        ]

      › for await (const chunk of await model.stream("cat")) print(chunk.text, "|");
        c|a|t||

      › for await (const chunk of model.astream("cat")) print(chunk.text, "|");
        c|a|t||

      › for await (const event of model.streamEvents("cat", { version: "v1" }))
          show(event);
        on_chat_model_start  CustomChatModelAdvanced <id> { input: 'cat' }
        on_chat_model_stream CustomChatModelAdvanced <id>
            { chunk: AIMessageChunk { content: 'c', id: 'run-<id>' } }
        on_chat_model_stream CustomChatModelAdvanced <id>
            { chunk: AIMessageChunk { content: 'a', id: 'run-<id>' } }
        on_chat_model_stream CustomChatModelAdvanced <id>
            { chunk: AIMessageChunk { content: 't', id: 'run-<id>' } }
        on_chat_model_stream CustomChatModelAdvanced <id>
            { chunk: AIMessageChunk { content: '', response_metadata: { time_in_sec: 3 }, id: 'run-<id>' } }
        on_chat_model_end    CustomChatModelAdvanced <id>
            { output: AIMessageChunk { content: 'cat', response_metadata: { time_in_sec: 3 }, id: 'run-<id>' } }

      3  The parrot, a model that needs no network
      That model grown up: it counts tokens, one a character, and honours stop.

      › const parrot = new ChatParrotLink({
          model: "my_custom_model",
          parrotBufferLength: 3,
        });
      › await parrot.invoke([
          new HumanMessage("hello!"),
          new AIMessage("Hi there human!"),
          new HumanMessage("Meow!"),
        ])
        AIMessage {
          content: 'Meo',
          response_metadata: { time_in_seconds: 3 },
          id: 'run-<id>-0',
          usage_metadata: { input_tokens: 26, output_tokens: 3, total_tokens: 29 }
        }

      › await parrot.invoke("hello")
        AIMessage {
          content: 'hel',
          response_metadata: { time_in_seconds: 3 },
          id: 'run-<id>-0',
          usage_metadata: { input_tokens: 5, output_tokens: 3, total_tokens: 8 }
        }

      › await parrot.batch(["hello", "goodbye"])
        [
          AIMessage {
            content: 'hel',
            response_metadata: { time_in_seconds: 3 },
            id: 'run-<id>-0',
            usage_metadata: { input_tokens: 5, output_tokens: 3, total_tokens: 8 }
          },
          AIMessage {
            content: 'goo',
            response_metadata: { time_in_seconds: 3 },
            id: 'run-<id>-0',
            usage_metadata: { input_tokens: 7, output_tokens: 3, total_tokens: 10 }
          }
        ]

      › for await (const chunk of await parrot.stream("cat")) print(chunk.text, "|");
        c|a|t||

      › let sum = new AIMessageChunk("");
        for await (const chunk of parrot.astream("cat")) sum = sum.concat(chunk);
        sum.usage_metadata
        { input_tokens: 3, output_tokens: 3, total_tokens: 6 }

      4  An LLM of your own: text in, text out
      _call is the one hook it needs. All calls are async: ainvoke is invoke here.

      › const llm = new CustomLLM({ n: 5 });
      › String(llm)
        CustomLLM
        Params: {"model_name":"CustomChatModel"}

      › await llm.invoke("This is a foobar thing")
        'This '

      › await llm.invoke("world")
        'world'

      › await llm.batch(["woof woof woof", "meow meow meow"])
        [ 'woof ', 'meow ' ]

      › for await (const token of llm.astream("hello")) print(token, "|");
        h|e|l|l|o|

      › await llm.invoke("hello", { stop: ["l"] })
        LinnetError: stop kwargs are not permitted.

      5  Steps are piped into each other
      A prompt fills in, the LLM answers. The first eight events show who did what.

      › const prompt = ChatPromptTemplate.fromMessages([
          ["system", "you are a bot"],
          ["human", "{input}"],
        ]);
        const chain = prompt.pipe(new CustomLLM({ n: 7 }));
        const input = { input: "hello there!" };
      › let count = 0;
        for await (const event of chain.streamEvents(input, { version: "v1" })) {
          show(event);
          if (++count === 8) break; // leaving early stops the model, too
        }
        on_chain_start       RunnableSequence <id>
            { input: { input: 'hello there!' } }
        on_prompt_start      ChatPromptTemplate <id> seq:step:1
            { input: { input: 'hello there!' } }
        on_prompt_end        ChatPromptTemplate <id> seq:step:1
            { output: ChatPromptValue { messages: [ SystemMessage { content: 'you are a bot' }, HumanMessage { content: 'hello there!' } ] }, input: { input: 'hello there!' } }
        on_llm_start         CustomLLM <id> seq:step:2
            { input: { prompts: [ 'System: you are a bot\\nHuman: hello there!' ] } }
        on_llm_stream        CustomLLM <id> seq:step:2 { chunk: 'S' }
        on_chain_stream      RunnableSequence <id> { chunk: 'S' }
        on_llm_stream        CustomLLM <id> seq:step:2 { chunk: 'y' }
        on_chain_stream      RunnableSequence <id> { chunk: 'y' }

      6  Watch it sing
      A chain streams its last step; its events tell what every run in it does.

      › const parrot = new ChatParrotLink({
          model: "bird-brain-001",
          parrotBufferLength: 80,
        });
        const prompt = ChatPromptTemplate.fromMessages([
          ["system", "Repeat what you hear."],
          ["human", "{text}"],
        ]);
        const chain = prompt.pipe(parrot).pipe(new StringOutputParser());
        const song = { text: "A linnet sings as soon as it can." };
      › for await (const piece of await chain.stream(song)) print(piece);
        A linnet sings as soon as it can.

      › for await (const event of chain.streamEvents({ text: "cat" })) tree(event);
       <time>  ▸ RunnableSequence chain
       <time>  │ ▸ ChatPromptTemplate prompt
       <time>  │ ■ ChatPromptTemplate took <time>
       <time>  │ ▸ ChatParrotLink chat model
       <time>  │ · ChatParrotLink "c"
       <time>  │ ▸ StrOutputParser parser
       <time>  │ · StrOutputParser "c"
       <time>  · RunnableSequence "c"
       <time>  │ · ChatParrotLink "a"
       <time>  │ · StrOutputParser "a"
       <time>  · RunnableSequence "a"
       <time>  │ · ChatParrotLink "t"
       <time>  │ · StrOutputParser "t"
       <time>  · RunnableSequence "t"
       <time>  │ · ChatParrotLink ""
       <time>  │ · StrOutputParser ""
       <time>  · RunnableSequence ""
       <time>  │ ■ ChatParrotLink took <time> "cat"
       <time>  │ ■ StrOutputParser took <time> "cat"
       <time>  ■ RunnableSequence took <time> "cat"

      7  See what it is made of
      Steps side by side, a choice, a model in reserve; getGraph also writes mermaid.

      › const countWords = (text) => text.split(" ").length;
        const isQuestion = RunnableLambda.from(({ text }) => text.endsWith("?"), {
          name: "isQuestion",
        });
        const named = (template, runName) =>
          ChatPromptTemplate.fromTemplate(template).withConfig({ runName });
        const answer = "You ask in {words} words: {text}";
        const prompt = RunnableBranch.from([
          [isQuestion, named(answer, "answer")],
          named("{text}", "repeat"),
        ]);
        const parrot = new ChatParrotLink({
          model: "bird-brain-001",
          parrotBufferLength: Number.POSITIVE_INFINITY,
        });
        const heard = { text: new RunnablePassthrough(), words: countWords };
        const speech = parrot
          .pipe(new StringOutputParser())
          .withFallbacks([new CustomLLM({ n: 80 })]);
        const chain = RunnableMap.from(heard).pipe(prompt).pipe(speech);
      › await chain.invoke("Who sings here?")
        'You ask in 3 words: Who sings here?'

      › chain.getGraph().drawAscii()
                  ╭──────────────────╮
                  │ RunnableMapInput │
                  ╰────────┬─────────╯
                           ▼
                        ┌─────┐
                        │ Map │
                        └──┬──┘
                  ╭────────┴───────╮
                  │ text           │ words
                  ▼                ▼
           ┌─────────────┐   ┌────────────┐
           │ Passthrough │   │ countWords │
           └──────┬──────┘   └─────┬──────┘
                  ╰────────┬───────╯
                           ▼
                       ┌────────┐
                       │ Branch │
                       └───┬────┘
                 ╭┄┄┄┄┄┄┄┄┄┴┄┄┄┄┄┄┄┄╮
                 ┊ isQuestion       ┊ default
                 ▼                  ▼
             ┌────────┐         ┌────────┐
             │ answer │         │ repeat │
             └───┬────┘         └───┬────┘
                 ╰─────────┬────────╯
                           ▼
                   ┌───────────────┐
                   │ WithFallbacks │
                   └───────┬───────┘
                 ╭─────────┴┄┄┄┄┄┄┄┄╮
                 │                  ┊ on error
                 ▼                  ▼
         ┌────────────────┐   ┌───────────┐
         │ ChatParrotLink │   │ CustomLLM │
         └───────┬────────┘   └─────┬─────┘
                 ▼                  │
        ┌─────────────────┐         │
        │ StrOutputParser │         │
        └────────┬────────┘         │
                 ╰─────────┬────────╯
                           ▼
            ╭─────────────────────────────╮
            │ RunnableWithFallbacksOutput │
            ╰─────────────────────────────╯

      Your turn: linnet chat, linnet events "hello", or linnet graph.
      To write your own model, read docs/custom-chat-model.md and docs/custom-llm.md.
      "
    `);
  });

  it.each(tourStops().map((stop) => [stop.title, stop] as const))(
    "runs the code that it shows: %s",
    async (_title, stop) => {
      const printed: string[] = [];
      const scope: Record<string, unknown> = {
        ...linnet,
        CustomChatModelAdvanced,
        CustomLLM,
        inspect,
        printed,
        results: [] as string[],
        print: (text: string, end = "") => printed.push(text + end),
        show: (event: linnet.StreamEvent) => printed.push(shownItem(event)),
        tree: (event: linnet.StreamEvent) => printed.push(shownItem(event)),
      };
      const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
      await new AsyncFunction(...Object.keys(scope), programOf(stop.steps))(...Object.values(scope));
      const shown = stop.steps.filter((step) => step.shows !== "nothing");
      expect((scope.results as string[]).map(withoutIds)).toEqual(
        (await Promise.all(shown.map(given))).map((text) => withoutIds(text)),
      );
    },
  );

  it("has lines of its own that fit into a terminal", () => {
    for (const { title, about, steps } of tourStops()) {
      const lines = steps.flatMap(({ code }) => code.split("\n").map((line) => `> ${line}`));
      for (const line of [`1  ${title}`, about, ...lines]) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it("is plain text without pauses where nobody watches", async () => {
    const host = fakeHost();
    await runCli(["tour"], host);
    expect(host.pauses).toEqual([]);
    expect(host.out()).not.toContain("\u001b");
  });

  it("takes its time where somebody watches, but less than ten seconds", async () => {
    const host = fakeHost({ outputIsTerminal: true });
    await runCli([], host);
    const total = host.pauses.reduce((sum, pause) => sum + pause, 0);
    expect(total).toBeGreaterThan(2_000);
    expect(total).toBeLessThan(9_000);
  });

  it("is coloured, and its tree is redrawn in place, where somebody watches", async () => {
    const output = await printedTour({ outputIsTerminal: true, colours: true });
    expect(output).toContain("\u001b[1;36m1  Messages come whole or in chunks\u001b[0m");
    const rows = screenOf(output).filter((row) => /^[├└]─ /.test(row));
    expect(rows.map((row) => withoutIds(row).trimEnd())).toEqual([
      "├─ ChatPromptTemplate  prompt <time>",
      "├─ ChatParrotLink      chat model <time>  c|a|t||",
      "└─ StrOutputParser     parser <time>  c|a|t||",
    ]);
  });

  it("shows a failure that does not come as what came instead", async () => {
    const { TourScreen } = await import("../../src/cli/tour/tour-screen.ts");
    const host = fakeHost();
    const step: TourStep = { code: "call()", shows: "failure", run: async () => "fine" };
    await new TourScreen(host).show({ title: "t", about: "a", steps: [step] }, 1);
    expect(host.out()).toBe("1  t\na\n\n› call()\n  'fine'\n\n");
  });
});
