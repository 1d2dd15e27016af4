import type { Command } from "./arguments.ts";
import { chatLoop } from "./chat-loop.ts";
import { Conversation } from "./conversation.ts";
import { type CliHost, print } from "./host.ts";
import { delayFor, type MakeModel } from "./parrot.ts";
import { textFor } from "./read-text.ts";

/** `chat`: one reply to a text, or a chat where somebody types and gave none. */
export async function chat(command: Command & { name: "chat" }, host: CliHost, makeModel: MakeModel): Promise<void> {
  const conversation = new Conversation(makeModel(command.length));
  if (command.text === undefined && host.inputIsTerminal) return chatLoop(command, host, conversation);
  const text = await textFor(command.name, command.text, host);
  const delay = delayFor(command, text, host);
  for await (const piece of conversation.reply(text)) {
    await print(host.stdout, piece);
    if (delay > 0) await host.pause(delay);
  }
  await print(host.stdout, "\n");
}
