/** Finds the end of a JSON object that comes in pieces, each of which is read once. */
export class ObjectEnd {
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #state: "before" | "within" | "after" | "none" = "before";

  /** Whether the object is closed. What is more than an object is none. */
  get isClosed(): boolean {
    return this.#state === "after";
  }

  add(piece: string): void {
    for (const character of piece) this.#read(character);
  }

  #read(character: string): void {
    if (this.#isText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (character === "\\") this.#isEscaped = true;
      else this.#isText = character !== '"';
      return;
    }
    if (this.#state !== "within") {
      if (/\s/.test(character)) return;
      this.#state = character === "{" && this.#state === "before" ? "within" : "none";
    }
    if (character === '"') this.#isText = true;
    else if (character === "{" || character === "[") this.#depth += 1;
    else if (character === "}" || character === "]") this.#depth -= 1;
    if (this.#state === "within" && this.#depth === 0) this.#state = "after";
  }
}
