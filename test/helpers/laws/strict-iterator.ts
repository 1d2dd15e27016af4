import type { World } from "./world.ts";

/** An iterator written by hand, which notes where its reader breaks the protocol. */
export class StrictIterator<Item> implements AsyncIterableIterator<Item> {
  readonly #world: World;
  readonly #body: AsyncIterator<Item>;
  #state: "new" | "open" | "reading" | "over" = "new";
  #wasReturned = false;

  constructor(world: World, body: AsyncIterator<Item>) {
    this.#world = world;
    this.#body = body;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Item>> {
    if (this.#wasReturned) this.#world.faults.push("next() of an iterator after its return()");
    else if (this.#state === "over") this.#world.faults.push("next() of an iterator that is over");
    else if (this.#state === "reading") this.#world.faults.push("next() of an iterator with a next() pending");
    if (this.#state === "new") this.#world.entered += 1;
    this.#state = "reading";
    try {
      const result = await this.#body.next();
      if (result.done) this.#end();
      else this.#goOn();
      return result;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Item>> {
    if (this.#wasReturned) this.#world.faults.push("return() of an iterator twice");
    this.#wasReturned = true;
    // What is pending ends by itself, as in a generator.
    if (this.#state === "open") this.#end();
    await this.#body.return?.();
    return { value: undefined, done: true };
  }

  #goOn(): void {
    this.#world.made += 1;
    if (this.#wasReturned) this.#end();
    else this.#state = "open";
  }

  #end(): void {
    if (this.#state !== "over") this.#world.closed += 1;
    this.#state = "over";
  }
}
