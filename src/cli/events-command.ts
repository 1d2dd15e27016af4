import {
  ChatPromptTemplate,
  type StreamEvent,
  type StreamEventsOptions,
  StringOutputParser,
} from "../entries/index.ts";
import type { Command, EventsForm } from "./arguments.ts";
import { eventJson } from "./event-json.ts";
import { EventLines } from "./event-lines.ts";
import { type CliHost, columnsOf, print } from "./host.ts";
import { LiveTree } from "./live-tree.ts";
import { makePaint } from "./paint.ts";
import { delayFor, type MakeModel } from "./parrot.ts";
import { textFor } from "./read-text.ts";

/** `events`: what happens inside prompt | parrot | parser. */
export async function events(
  command: Command & { name: "events" },
  host: CliHost,
  makeModel: MakeModel,
): Promise<void> {
  const text = await textFor(command.name, command.text, host);
  const chain = ChatPromptTemplate.fromMessages([
    ["system", "Repeat what you hear."],
    ["human", "{text}"],
  ])
    .pipe(makeModel(command.length))
    .pipe(new StringOutputParser());
  const stream = chain.streamEvents({ text }, optionsOf(command.form, command.json));
  const show = command.json ? (event: StreamEvent) => `${eventJson(event)}\n` : treeOf(host);
  await showEvents(stream, show, host, delayFor(command, text, host));
}

/** What shows events as a tree: redrawn in place where somebody watches, else line by line. */
export function treeOf(host: CliHost): (event: StreamEvent) => string {
  const paint = makePaint(host.colours);
  const tree = host.outputIsTerminal ? new LiveTree(paint, columnsOf(host)) : new EventLines(paint);
  return (event) => tree.take(event, host.now());
}

/** Prints events as they come. @param delay milliseconds to wait after each token of a model. */
export async function showEvents(
  stream: AsyncIterable<StreamEvent>,
  show: (event: StreamEvent) => string,
  host: CliHost,
  delay: number,
): Promise<void> {
  for await (const event of stream) {
    await print(host.stdout, show(event));
    const isToken = event.event === "on_chat_model_stream" || event.event === "on_llm_stream";
    if (isToken && delay > 0) await host.pause(delay);
  }
}

/** As JSON the forms are exactly what they are; the tree wants to know where each run belongs. */
function optionsOf(form: EventsForm, exact: boolean): StreamEventsOptions {
  if (form === "default") return {};
  return exact ? { version: form } : { version: form, parentIds: true, errorEvents: true };
}
