import { Writable } from "node:stream";
import type { CliOutput } from "./host.ts";

/** An output for line editors that can be silenced, so that what is typed meanwhile does not run into other text. */
export class MutedOutput extends Writable {
  /** Whether what is written is dropped. */
  muted = false;
  readonly #target: CliOutput;

  constructor(target: CliOutput) {
    super({ decodeStrings: false });
    this.#target = target;
  }

  /** The width of the terminal behind it. */
  get columns(): number | undefined {
    return this.#target.columns;
  }

  override _write(text: string | Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (!this.muted) this.#target.write(text);
    done();
  }
}
