// Texts, made patterns when first used: of a literal an engine reads the tables of all characters when it loads the file.
const WIDE =
  "[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]|\\p{Emoji_Presentation}";
const NO_WIDTH = "\\p{Mark}|\\u200d";
const CONTROL = "\\p{Cc}|\\p{Cf}(?<!\\u200d)|\\p{Cs}|[\\u2028\\u2029]";
const ASCII = /^[ -~]*$/;

let control: RegExp | undefined;
let noWidth: RegExp | undefined;
let wide: RegExp | undefined;

/** Text with line breaks and other control characters written out, so that it stays on its line and moves no cursor. */
export function oneLine(text: string): string {
  control ??= new RegExp(CONTROL, "gu");
  return text.replace(control, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}

/** About how many columns a terminal gives to a text. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text's beginning, as much as fits into some columns, before an ellipsis where its end is left out. */
export function fitStart(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let [room, end] = [columns - 1, 0];
  for (const character of text) {
    room -= characterWidth(character);
    if (room < 0) break;
    end += character.length;
  }
  return columns < 1 ? "" : `${text.slice(0, end)}…`;
}

/** The text's end, as much as fits into some columns, after an ellipsis where its beginning is left out. */
export function fitEnd(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const characters = [...text];
  let room = columns - 1;
  let start = characters.length;
  while (start > 0) {
    room -= characterWidth(characters[start - 1] as string);
    if (room < 0) break;
    start -= 1;
  }
  return columns < 1 ? "" : `…${characters.slice(start).join("")}`;
}

function characterWidth(character: string): number {
  noWidth ??= new RegExp(NO_WIDTH, "u");
  if (noWidth.test(character)) return 0;
  // Two columns in practically every terminal: Hangul, CJK, full-width forms, emoji.
  wide ??= new RegExp(WIDE, "u");
  return wide.test(character) ? 2 : 1;
}
