import { type BaseChatModel, ChatParrotLink } from "../entries/index.ts";
import type { ParrotOptions } from "./arguments.ts";
import type { CliHost } from "./host.ts";

/** Makes the model that a command speaks with. @param length how many characters it repeats; default: all. */
export type MakeModel = (length: number | undefined) => BaseChatModel;

/** The parrot: it repeats the last message. */
export const makeParrot: MakeModel = (length) =>
  new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: length ?? Number.POSITIVE_INFINITY });

/** Milliseconds between two pieces on a terminal, where nothing else was asked for. */
const CALM_DELAY = 20;

/** However long a text is, its pieces are held up for about this long at most, in milliseconds. */
const LONGEST_REPLY = 2_000;

/** Milliseconds to wait between two pieces of a text. */
export function delayFor({ delay }: ParrotOptions, text: string, host: CliHost): number {
  if (delay !== undefined) return delay;
  return host.outputIsTerminal ? Math.min(CALM_DELAY, Math.floor(LONGEST_REPLY / text.length)) : 0;
}
