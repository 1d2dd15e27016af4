import type { Readable } from "node:stream";
import { LinnetError } from "../errors/linnet-error.ts";
import type { CliHost } from "./host.ts";
import { UsageError } from "./usage-error.ts";

/** The longest text that is read from standard input, in bytes. */
const LIMIT = 8 * 1024 * 1024;

/**
 * The text that a command works on: its argument, or all of standard input where that is not a terminal.
 *
 * @throws UsageError where there is neither, or only an empty text.
 */
export async function textFor(command: string, argument: string | undefined, host: CliHost): Promise<string> {
  if (argument === undefined && host.inputIsTerminal) throw noText(command, host, "none");
  const text = argument ?? (await readAll(host.stdin));
  if (text === "") throw noText(command, host, "an empty one");
  return text;
}

/** All of a stream as text, without the line break that ends it. */
async function readAll(stream: Readable): Promise<string> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    size += bytes.length;
    if (size > LIMIT) {
      throw new LinnetError(`Expected at most ${LIMIT} bytes of text on standard input, got more.`, {
        code: "INVALID_INPUT",
        data: { limit: LIMIT },
      });
    }
    pieces.push(decoder.decode(bytes, { stream: true }));
  }
  pieces.push(decoder.decode());
  return pieces.join("").replace(/\r?\n$/, "");
}

function noText(command: string, { program }: CliHost, came: string): UsageError {
  return new UsageError(`${command} needs a text, got ${came}; for example: ${program} ${command} "hello"`);
}
