import { LinnetError, named } from "../errors/linnet-error.ts";
import { type SchemaIssue, tellIssue } from "../schema/schema-issue.ts";

/** How many issues the message tells. */
const TOLD_ISSUES = 10;

const Named: typeof LinnetError = /* @__PURE__ */ named(LinnetError, "ToolInputParsingException");

/** The input of a tool does not fit its schema. `data.issues` says why. */
export class ToolInputParsingException extends Named {
  /** The input, as JSON. */
  declare readonly output?: string | undefined;

  constructor(message: string, output?: string, issues: readonly SchemaIssue[] = []) {
    super(message, { code: "INVALID_INPUT", data: { issues } });
    // Not listed when the error is printed: arguments may be long, and may be somebody's.
    Object.defineProperty(this, "output", { value: output, configurable: true, writable: true });
  }

  /** Whether a value is such an error, also one of another copy of the package. */
  static override isInstance(value: unknown): value is ToolInputParsingException {
    return LinnetError.isInstance(value) && value.name === "ToolInputParsingException";
  }
}

/** The error of an input with these issues. @param isVerbose whether it lists them as JSON too. */
export function misfit(
  tool: string,
  issues: readonly SchemaIssue[],
  input: string,
  isVerbose: boolean,
): ToolInputParsingException {
  const lines = issues.slice(0, TOLD_ISSUES).map((issue) => `\n- ${tellIssue(issue)}`);
  const rest = issues.length > TOLD_ISSUES ? `\n- and ${issues.length - TOLD_ISSUES} more` : "";
  const details = isVerbose ? `\nDetails: ${JSON.stringify(issues)}` : "";
  const message = `Expected the input of the tool ${tool} to fit its schema, and it does not:${lines.join("")}${rest}${details}`;
  return new ToolInputParsingException(message, input, issues);
}
