import { inspect } from "node:util";
import type { StreamEvent } from "../../entries/index.ts";
import { showEvents, treeOf } from "../events-command.ts";
import { type CliHost, columnsOf, print } from "../host.ts";
import { makePaint, type Paint } from "../paint.ts";
import { eventLine } from "./event-line.ts";
import type { TourStep, TourStop } from "./step.ts";

/** Milliseconds between two pieces, and before the next call, where somebody watches. */
const PIECE_PAUSE = 35;
const STEP_PAUSE = 150;

/** Prints the tour's stops: headings, the code of each call, and what it gives. */
export class TourScreen {
  readonly #host: CliHost;
  readonly #paint: Paint;

  constructor(host: CliHost) {
    this.#host = host;
    this.#paint = makePaint(host.colours);
  }

  /** A line of words. */
  async say(text: string): Promise<void> {
    await print(this.#host.stdout, `${this.#paint.dim(text)}\n`);
  }

  /** A stop: its heading, then each of its calls. */
  async show(stop: TourStop, number: number): Promise<void> {
    const { dim, heading } = this.#paint;
    await print(this.#host.stdout, `${heading(`${number}  ${stop.title}`)}\n${dim(stop.about)}\n\n`);
    for (const step of stop.steps) {
      await print(this.#host.stdout, this.#code(step.code));
      await this.#result(step);
      await this.#pause(STEP_PAUSE);
    }
  }

  #code(code: string): string {
    const [first, ...rest] = code.split("\n").map((line) => this.#paint.code(line));
    return [`${this.#paint.dim("›")} ${first}`, ...rest.map((line) => `  ${line}`), ""].join("\n");
  }

  async #result(step: TourStep): Promise<void> {
    switch (step.shows) {
      case "nothing":
        return;
      case "value":
        return this.#block(this.#shown(await step.run()));
      case "failure":
        return this.#block(await this.#failure(step.run()));
      case "pieces":
        return this.#pieces(step.run());
      case "events":
        return this.#events(step.run());
      case "tree":
        return this.#tree(step.run());
    }
  }

  #shown(value: unknown): string {
    if (typeof value === "string" && value.includes("\n")) return value;
    return inspect(value, { colors: this.#host.colours, depth: 8, breakLength: columnsOf(this.#host) - 4 });
  }

  async #failure(call: Promise<unknown>): Promise<string> {
    try {
      return this.#shown(await call);
    } catch (error) {
      return this.#paint.wrong(String(error));
    }
  }

  async #block(text: string): Promise<void> {
    await print(this.#host.stdout, `${text.replace(/^/gm, "  ")}\n\n`);
  }

  async #pieces(pieces: AsyncIterable<string>): Promise<void> {
    await print(this.#host.stdout, "  ");
    for await (const piece of pieces) {
      await print(this.#host.stdout, this.#paint.said(piece));
      await this.#pause(PIECE_PAUSE);
    }
    await print(this.#host.stdout, "\n\n");
  }

  async #events(events: AsyncIterable<StreamEvent>): Promise<void> {
    for await (const event of events) {
      await print(this.#host.stdout, `  ${eventLine(event, this.#paint, this.#host)}\n`);
      await this.#pause(PIECE_PAUSE);
    }
    await print(this.#host.stdout, "\n");
  }

  async #tree(events: AsyncIterable<StreamEvent>): Promise<void> {
    const delay = this.#host.outputIsTerminal ? 4 * PIECE_PAUSE : 0;
    await showEvents(events, treeOf(this.#host), this.#host, delay);
    await print(this.#host.stdout, "\n");
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#host.outputIsTerminal) await this.#host.pause(milliseconds);
  }
}
