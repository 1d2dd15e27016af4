import type { RunnableConfig } from "../../src/runnables/config.ts";
import { Runnable } from "../../src/runnables/runnable.ts";

/** A step that turns one chunk into one chunk, written as users write them. */
export class Upper extends Runnable<string, string> {
  override invoke(input: string, options?: RunnableConfig): Promise<string> {
    return this._callWithConfig((text) => text.toUpperCase(), input, options);
  }

  override transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
    return this._transformStreamWithConfig(
      input,
      async function* (chunks) {
        for await (const chunk of chunks) yield chunk.toUpperCase();
      },
      options,
    );
  }
}
