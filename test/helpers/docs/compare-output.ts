import type { PageFault } from "./page-fault.ts";
import type { PageProgram, ShownOutput } from "./page-program.ts";
import type { ProgramRun } from "./run-program.ts";

/** What changes from run to run is written as this sign: a uuid, or a number such as a time. */
const CHANGING = "…";
const UUID_OR_NUMBER = "(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d+(?:\\.\\d+)?)";

/** Compares what the blocks printed with what the page shows, whole; only a last line break may be missing. */
export function compareOutputs(program: PageProgram, run: ProgramRun): PageFault[] {
  const faults: PageFault[] = [];
  const shownBy = new Map(program.outputs.map((output) => [output.codeLine, output]));
  for (const codeLine of program.codeLines) {
    const printed = (run.printed.get(codeLine) ?? "").replace(/\n$/, "");
    const shown = shownBy.get(codeLine);
    if (shown !== undefined) faults.push(...compareOutput(program.page, shown, printed.split("\n")));
    else if (printed !== "") {
      const message = `this block prints, but no output block follows it. It printed:\n${printed}`;
      faults.push({ page: program.page, line: codeLine, message });
    }
  }
  return faults;
}

function compareOutput(page: string, shown: ShownOutput, printed: readonly string[]): PageFault[] {
  const height = Math.max(shown.lines.length, printed.length);
  for (let index = 0; index < height; index += 1) {
    const expected = shown.lines[index];
    const came = printed[index];
    if (expected !== undefined && came !== undefined && toPattern(expected).test(came)) continue;
    const message = [
      "the output is not what the page shows.",
      `  the page: ${expected ?? "(no more lines)"}`,
      `  printed:  ${came ?? "(no more lines)"}`,
      "All that was printed:",
      ...printed,
    ].join("\n");
    return [{ page, line: shown.line + 1 + index, message }];
  }
  return [];
}

function toPattern(line: string): RegExp {
  const parts = line.split(CHANGING).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${parts.join(UUID_OR_NUMBER)}$`);
}
