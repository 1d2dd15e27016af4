import { oneLine } from "../terminal/line-text.ts";
import type { ParrotOptions } from "./arguments.ts";
import type { Conversation } from "./conversation.ts";
import { type CliHost, print } from "./host.ts";
import { LineReader } from "./line-reader.ts";
import { makePaint, type Paint } from "./paint.ts";
import { delayFor } from "./parrot.ts";

/** A chat in a terminal. Ctrl-C cancels the reply that is running and keeps the chat; Ctrl-D leaves. */
export async function chatLoop(options: ParrotOptions, host: CliHost, conversation: Conversation): Promise<void> {
  const paint = makePaint(host.colours);
  let running: AbortController | undefined;
  const interrupt = (): void => {
    if (running === undefined) reader.interject(paint.dim("Ctrl-D leaves the chat."));
    else running.abort();
  };
  const reader = new LineReader(host, `${paint.name("you")} › `, interrupt);
  const stopListening = host.onInterrupt(interrupt);
  try {
    await print(host.stdout, `${paint.dim("A chat with the parrot. Ctrl-C cancels a reply, Ctrl-D leaves.")}\n`);
    for (let line = await reader.read(); line !== undefined; line = await reader.read()) {
      if (line.trim() === "") continue;
      running = new AbortController();
      await turn(line, { conversation, host, paint, signal: running.signal, delay: delayFor(options, line, host) });
      running = undefined;
    }
  } finally {
    stopListening();
    reader.close();
  }
}

interface Turn {
  readonly conversation: Conversation;
  readonly host: CliHost;
  readonly paint: Paint;
  readonly signal: AbortSignal;
  readonly delay: number;
}

/** One reply, streamed. Whatever happens to it, the chat goes on. */
async function turn(line: string, { conversation, host, paint, signal, delay }: Turn): Promise<void> {
  const { stdout } = host;
  await print(stdout, `${paint.said("parrot")} › `);
  try {
    for await (const piece of conversation.reply(line, signal)) {
      await print(stdout, piece);
      if (delay > 0) await host.pause(delay, signal);
    }
    await print(stdout, `\n${paint.dim(usageLine(conversation))}`);
  } catch (error) {
    if (signal.aborted) await print(stdout, ` ${paint.dim("(cancelled)")}\n`);
    else await print(stdout, `\n${paint.wrong(oneLine(error instanceof Error ? error.message : String(error)))}\n`);
  }
}

/** Says what the whole conversation cost so far: each turn sends all of it. */
function usageLine({ usage }: Conversation): string {
  if (usage === undefined) return "";
  const { input_tokens: input, output_tokens: output } = usage;
  return `         ${input} tokens in (the whole chat), ${output} out\n`;
}
