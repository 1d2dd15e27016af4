import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** The forms of events that `--form` names. */
export type EventsForm = "v1" | "v2" | "default";

/** What `graph` prints: the picture and the text for mermaid, that text alone, or data. */
export type GraphForm = "picture" | "mermaid" | "json";

/** How the parrot speaks. */
export interface ParrotOptions {
  /** How many characters it repeats. Default: all. */
  readonly length: number | undefined;
  /** Milliseconds between two pieces. Default: none, on a terminal a few. */
  readonly delay: number | undefined;
}

/** What the command line asks for. */
export type Command =
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "tour" }
  | { readonly name: "graph"; readonly form: GraphForm }
  | { readonly name: "check"; readonly file: string; readonly json: boolean }
  | ({ readonly name: "chat"; readonly text: string | undefined } & ParrotOptions)
  | ({
      readonly name: "events";
      readonly text: string | undefined;
      readonly json: boolean;
      readonly form: EventsForm;
    } & ParrotOptions);

const OPTIONS = {
  length: { type: "string" },
  delay: { type: "string" },
  json: { type: "boolean" },
  form: { type: "string" },
  mermaid: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type OptionName = keyof typeof OPTIONS;

const OPTIONS_OF: Readonly<Record<"tour" | "chat" | "events" | "graph" | "check", readonly OptionName[]>> = {
  tour: [],
  chat: ["length", "delay"],
  events: ["length", "delay", "json", "form"],
  graph: ["json", "mermaid"],
  check: ["json"],
};

/** A longer wait would overflow the timer. Milliseconds. */
const LONGEST_DELAY = 60_000;

/**
 * Reads the arguments after the command's name.
 *
 * @throws UsageError for an unknown command or option, a missing value, or a value out of its range.
 */
export function parseCommand(args: readonly string[]): Command {
  // Not strict: the messages of the strict form span several lines.
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const given = new Map<string, OptionToken>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    else if (token.kind === "option") given.set(token.name, token);
  }
  if (given.has("help")) return { name: "help" };
  const [command = "tour", ...rest] = words;
  if (!Object.hasOwn(OPTIONS_OF, command)) throw unknownCommand(command);
  const name = command as keyof typeof OPTIONS_OF;
  checkOptions(given, name);
  if (given.has("version")) return { name: "version" };
  if (name === "tour" || name === "graph") {
    if (rest.length > 0) throw new UsageError(`${name} takes no text, got ${JSON.stringify(rest.join(" "))}`);
    return name === "tour" ? { name } : { name, form: graphFormOf(given) };
  }
  if (name === "check") return { name, file: fileOf(rest), json: given.has("json") };
  const text = rest.length === 0 ? undefined : rest.join(" ");
  const parrot = { length: numberOf(given, "length", 1), delay: numberOf(given, "delay", 0, LONGEST_DELAY) };
  if (name === "chat") return { name, text, ...parrot };
  return { name, text, ...parrot, json: given.has("json"), form: formOf(given.get("form")) };
}

function fileOf(words: readonly string[]): string {
  const [file] = words;
  if (words.length === 1 && file) return file;
  const came = words.length > 1 ? String(words.length) : file === undefined ? "none" : "an empty name";
  throw new UsageError(`check takes one file with a model, got ${came}; for example: check ./my-model.js`);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkOptions(given: ReadonlyMap<string, OptionToken>, command: keyof typeof OPTIONS_OF): void {
  for (const { name, rawName, value, inlineValue } of given.values()) {
    const isKnown = Object.hasOwn(OPTIONS, name);
    if (!isKnown) throw new UsageError(`unknown option ${shown(rawName)}; a text that begins with "-" goes after "--"`);
    const option = name as OptionName;
    if (option !== "version" && !OPTIONS_OF[command].includes(option)) {
      throw new UsageError(`${command} has no option ${rawName}; it belongs to ${commandsWith(option)}`);
    }
    if (OPTIONS[option].type === "boolean") {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value, got ${JSON.stringify(value)}`);
    } else if (value === undefined || (!inlineValue && value.startsWith("--"))) {
      throw new UsageError(`${rawName} needs a value`);
    }
  }
}

function commandsWith(option: OptionName): string {
  const names = Object.entries(OPTIONS_OF).flatMap(([command, options]) => (options.includes(option) ? [command] : []));
  const last = names.pop();
  return names.length === 0 ? `${last}` : `${names.join(", ")} and ${last}`;
}

function unknownCommand(command: string): UsageError {
  return new UsageError(
    `unknown command ${JSON.stringify(command)}; expected chat, events, graph, check, or none for the tour`,
  );
}

/** An option's name as it was typed, control characters written out. */
function shown(rawName: string): string {
  const quoted = JSON.stringify(rawName);
  return quoted.slice(1, -1) === rawName ? rawName : quoted;
}

function numberOf(
  given: ReadonlyMap<string, OptionToken>,
  name: "length" | "delay",
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = given.get(name)?.value;
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} takes a whole number ${range}, got ${JSON.stringify(value)}`);
}

function formOf(token: OptionToken | undefined): EventsForm {
  const value = token?.value ?? "default";
  if (value === "v1" || value === "v2" || value === "default") return value;
  throw new UsageError(`--form takes v1, v2 or default, got ${JSON.stringify(value)}`);
}

function graphFormOf(given: ReadonlyMap<string, OptionToken>): GraphForm {
  if (given.has("json") && given.has("mermaid")) throw new UsageError("graph takes --json or --mermaid, not both");
  return given.has("json") ? "json" : given.has("mermaid") ? "mermaid" : "picture";
}
