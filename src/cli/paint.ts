/** Calm colours for what is printed; every method gives its text back unchanged where colours are off. */
export interface Paint {
  /** What stands back: times, kinds, explanations. */
  dim(text: string): string;
  /** Titles. */
  heading(text: string): string;
  /** Names of runs, and the mark before what is typed. */
  name(text: string): string;
  /** Code. */
  code(text: string): string;
  /** What a model said. */
  said(text: string): string;
  /** What went wrong. */
  wrong(text: string): string;
}

const RESET = "\u001b[0m";

/** Makes the colours. @param enabled whether there are any. */
export function makePaint(enabled: boolean): Paint {
  const colour =
    (code: string) =>
    (text: string): string =>
      enabled && text !== "" ? `\u001b[${code}m${text}${RESET}` : text;
  return {
    dim: colour("2"),
    heading: colour("1;36"),
    name: colour("36"),
    code: colour("33"),
    said: colour("32"),
    wrong: colour("31"),
  };
}
