import type { StructuredToolInterface } from "./tool-types.ts";

/** A set of tools that belong together. Subclasses say them in `tools`. */
export abstract class BaseToolkit {
  /** The tools. */
  abstract tools: StructuredToolInterface[];

  /** The tools. */
  getTools(): StructuredToolInterface[] {
    return this.tools;
  }
}
