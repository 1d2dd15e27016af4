import { widthOf } from "../../terminal/line-text.ts";

/** Which ways a line leaves a field. */
export const UP = 1;
export const DOWN = 2;
export const LEFT = 4;
export const RIGHT = 8;

/** The characters that a picture is drawn with. */
export interface Pen {
  /** Lines, by the ways in which they leave the field. */
  readonly lines: string;
  /** The same dotted, where it goes straight on. */
  readonly dotted: Readonly<Record<number, string>>;
  readonly down: string;
  readonly up: string;
  /** The side of a box. */
  readonly side: string;
  /** Corners of the box of a runnable: top left, top right, bottom left, bottom right. */
  readonly square: string;
  /** The same of what goes in and comes out. */
  readonly round: string;
  readonly arrow: string;
  readonly dottedArrow: string;
  /** Stands for an edge from a node to itself. */
  readonly loop: string;
}

/** Box drawing characters. */
export const UNICODE: Pen = {
  lines: " │││─╯╮┤─╰╭├─┴┬┼",
  dotted: { 1: "┊", 2: "┊", 3: "┊", 4: "┄", 8: "┄", 12: "┄" },
  down: "▼",
  up: "▲",
  side: "│",
  square: "┌┐└┘",
  round: "╭╮╰╯",
  arrow: "→",
  dottedArrow: "⇢",
  loop: "↺",
};

/** The characters of ASCII. */
export const ASCII: Pen = {
  lines: " |||-+++-+++-+++",
  dotted: { 1: ":", 2: ":", 3: ":", 4: ".", 8: ".", 12: "." },
  down: "v",
  up: "^",
  side: "|",
  square: "++++",
  round: "....",
  arrow: "->",
  dottedArrow: "..>",
  loop: "@",
};

interface Field {
  /** What stands there; empty for the second column of a wide character. */
  text?: string;
  /** The ways in which lines leave it. */
  ways: number;
  isDotted: boolean;
}

/** A picture of text and of lines that join where they meet. */
export class Canvas {
  readonly #rows: Field[][] = [];
  readonly #pen: Pen;

  constructor(pen: Pen) {
    this.#pen = pen;
  }

  /** Writes text over what is there. */
  write(row: number, column: number, text: string): void {
    let at = column;
    for (const character of text) {
      const width = widthOf(character);
      // A mark is drawn over the character before it.
      if (width === 0 && at > column) this.#field(row, at - 1).text += character;
      for (let part = 0; part < width; part += 1) this.#field(row, at + part).text = part === 0 ? character : "";
      at += width;
    }
  }

  /** Lets a line leave a field in some ways, besides those that are there. */
  line(row: number, column: number, ways: number, isDotted: boolean): void {
    const field = this.#field(row, column);
    field.isDotted = isDotted && (field.ways === 0 || field.isDotted);
    field.ways |= ways;
  }

  /** Forgets the lines of a field: one that is drawn after it crosses them. */
  clear(row: number, column: number): void {
    this.#field(row, column).ways = 0;
  }

  toString(): string {
    return this.#rows
      .map((row) =>
        Array.from(row, (field) => this.#shown(field))
          .join("")
          .trimEnd(),
      )
      .join("\n");
  }

  #shown(field: Field | undefined): string {
    if (field === undefined) return " ";
    const dotted = field.isDotted ? this.#pen.dotted[field.ways] : undefined;
    return field.text ?? dotted ?? (this.#pen.lines[field.ways] as string);
  }

  #field(row: number, column: number): Field {
    while (this.#rows.length <= row) this.#rows.push([]);
    const fields = this.#rows[row] as Field[];
    fields[column] ??= { ways: 0, isDotted: false };
    return fields[column];
  }
}
