/** Runs the programs of cases/prompt-programs.mjs with any library of the peer's names. */
import { textOf } from "./cases/prompt-programs.mjs";

const asObject = (pairs) => Object.fromEntries(pairs.map(([name, { value }]) => [name, value]));

/** What a program gives with a library: plain data, or that it fails. */
export async function runPrompt(library, program, invoke) {
  try {
    return { gives: await programs[program.kind](library, program, invoke) };
  } catch (error) {
    return { fails: true, error };
  }
}

const programs = {
  async text({ PromptTemplate }, { pieces: [template], format, values, held }, invoke) {
    const prompt = await holding(PromptTemplate.fromTemplate(textOf(template), { templateFormat: format }), held);
    return [prompt.inputVariables, String(await invoke(prompt, asObject(values)))];
  },

  async chat(library, { items, turns, format, values, held }, invoke) {
    const made = [];
    for (const item of items) made.push(await chatItem(library, item, format));
    const prompt = await holding(library.ChatPromptTemplate.fromMessages(made, { templateFormat: format }), held);
    const placeholders = items.filter(({ kind }) => kind === "placeholder" || kind === "optional");
    const input = { ...asObject(values), ...Object.fromEntries(placeholders.map(({ name }) => [name, turns])) };
    return [prompt.inputVariables, plain((await invoke(prompt, input)).messages)];
  },

  async dict({ DictPromptTemplate }, { pieces: [one, other], format, values }, invoke) {
    const template = { a: textOf(one), b: { c: ["-", { d: textOf(other) }] }, on: true, none: null };
    const prompt = new DictPromptTemplate({ template, templateFormat: format });
    return [prompt.inputVariables, await invoke(prompt, asObject(values))];
  },

  async image({ ImagePromptTemplate }, { pieces: [url], format, values }) {
    const prompt = new ImagePromptTemplate({
      template: { url: `u${textOf(url)}`, detail: "low" },
      inputVariables: [],
      validateTemplate: false,
      templateFormat: format,
    });
    return prompt.format(asObject(values));
  },

  async "few shots"({ FewShotPromptTemplate, PromptTemplate }, program, invoke) {
    const [prefix, suffix] = program.pieces.map(textOf);
    const prompt = new FewShotPromptTemplate({
      examples: program.examples.map(asObject),
      examplePrompt: PromptTemplate.fromTemplate(textOf(program.example)),
      ...(program.separator === undefined ? {} : { exampleSeparator: program.separator }),
      prefix,
      suffix,
      inputVariables: [],
      validateTemplate: false,
      templateFormat: program.format,
      partialVariables: asPartials(program.held),
    });
    return String(await invoke(prompt, asObject(program.values)));
  },

  async "few shots of chat"(
    { ChatPromptTemplate, FewShotChatMessagePromptTemplate },
    { example, examples, values },
    invoke,
  ) {
    const prompt = new FewShotChatMessagePromptTemplate({
      examples: examples.map(asObject),
      examplePrompt: ChatPromptTemplate.fromMessages([
        ["human", textOf(example)],
        ["ai", "yes"],
      ]),
      inputVariables: [],
    });
    return plain((await invoke(prompt, asObject(values))).messages);
  },

  async pipeline({ PipelinePromptTemplate, PromptTemplate }, { pieces: [first, last], format, values }, invoke) {
    const make = (template) => PromptTemplate.fromTemplate(textOf(template), { templateFormat: format });
    const prompt = new PipelinePromptTemplate({
      pipelinePrompts: [{ name: "a", prompt: make(first) }],
      finalPrompt: make(last),
    });
    return String(await invoke(prompt, asObject(values)));
  },

  async serialized({ PromptTemplate }, { pieces: [template], format, values }, invoke) {
    // Of an empty template the peer says that there is none.
    const stored = PromptTemplate.fromTemplate(`-${textOf(template)}`, { templateFormat: format }).serialize();
    const prompt = await PromptTemplate.deserialize(JSON.parse(JSON.stringify(stored)));
    return [stored, prompt.inputVariables, String(await invoke(prompt, asObject(values)))];
  },
};

/** A prompt that holds those of some values that it has variables for: the peer refuses others. */
function holding(prompt, held) {
  return prompt.partial(asPartials(held.filter(([name]) => prompt.inputVariables.includes(name))));
}

/** Values to be held: the peer takes texts, and functions that give a value. */
function asPartials(held) {
  const entries = Object.entries(asObject(held));
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? value : giving(value)]));
}

function giving(value) {
  return Array.isArray(value) ? async () => value : () => value;
}

async function chatItem(library, item, format) {
  const options = { templateFormat: format };
  switch (item.kind) {
    case "tuple":
      return [item.role, item.content];
    case "fields":
      return { role: item.role, content: item.content };
    case "template":
      return roleTemplate(library, item.role).fromTemplate(item.content, options);
    case "message":
      return roleMessage(library, item.role, item.said);
    case "optional":
      return ["placeholder", item.text];
    case "placeholder":
      return new library.MessagesPlaceholder(item.name);
    default:
      return holding(library.ChatPromptTemplate.fromMessages([["human", item.content]], options), item.held);
  }
}

function roleTemplate({ SystemMessagePromptTemplate, HumanMessagePromptTemplate, AIMessagePromptTemplate }, who) {
  if (who === "system") return SystemMessagePromptTemplate;
  return who === "human" || who === "user" ? HumanMessagePromptTemplate : AIMessagePromptTemplate;
}

function roleMessage({ SystemMessage, HumanMessage, AIMessage }, who, said) {
  if (who === "system") return new SystemMessage(said);
  return who === "human" || who === "user" ? new HumanMessage(said) : new AIMessage(said);
}

function plain(messages) {
  return messages.map((message) => [message.getType(), message.content]);
}
