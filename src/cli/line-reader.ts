import { createInterface, type Interface } from "node:readline";
import { type CliHost, print } from "./host.ts";
import { MutedOutput } from "./muted-output.ts";

/**
 * Asks for line after line on a terminal. Between two questions it stays silent, and keeps what is typed for the next one;
 * what it keeps has no bound but the patience of the one who types.
 */
export class LineReader {
  readonly #host: CliHost;
  readonly #prompt: string;
  readonly #output: MutedOutput;
  readonly #interface: Interface;
  readonly #lines: string[] = [];
  #answer: ((line: string | undefined) => void) | undefined = undefined;
  #closed = false;

  /** @param onInterrupt called for Ctrl-C. */
  constructor(host: CliHost, prompt: string, onInterrupt: () => void) {
    this.#host = host;
    this.#prompt = prompt;
    // Where the output goes elsewhere, it is to hold the chat alone: questions go to where they are seen.
    this.#output = new MutedOutput(host.outputIsTerminal ? host.stdout : host.stderr);
    this.#interface = createInterface({
      input: host.stdin,
      output: this.#output,
      prompt,
      terminal: host.outputIsTerminal,
    });
    this.#interface.on("line", (line) => this.#take(line));
    this.#interface.on("SIGINT", onInterrupt);
    this.#interface.on("close", () => this.#end());
  }

  /** Asks for the next line; `undefined` when there are no more. */
  async read(): Promise<string | undefined> {
    const early = this.#lines.shift();
    if (early !== undefined) {
      await print(this.#host.stdout, `${this.#prompt}${early}\n`);
      return early;
    }
    if (this.#closed) return undefined;
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#ask(true);
    });
  }

  /** Drops what was typed of the current line, says something, and asks again. */
  interject(text: string): void {
    this.#interface.write(null, { ctrl: true, name: "e" });
    this.#interface.write(null, { ctrl: true, name: "u" });
    this.#output.write(`\n${text}\n`);
    this.#ask(false);
  }

  /** Gives the terminal back. */
  close(): void {
    this.#interface.close();
  }

  #ask(keepCursor: boolean): void {
    this.#output.muted = false;
    this.#interface.prompt(keepCursor);
  }

  #take(line: string): void {
    // At once: more lines may be on their way in the same turn.
    this.#output.muted = true;
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) this.#lines.push(line);
    else answer(line);
  }

  #end(): void {
    this.#closed = true;
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) return;
    this.#output.write("\n");
    answer(undefined);
  }
}
