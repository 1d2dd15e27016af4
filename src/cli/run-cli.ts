import { VERSION } from "../models/version.ts";
import { type Command, parseCommand } from "./arguments.ts";
import { chat } from "./chat-command.ts";
import { check } from "./check-command.ts";
import { events } from "./events-command.ts";
import { graph } from "./graph-command.ts";
import { helpText } from "./help.ts";
import { type CliHost, print } from "./host.ts";
import { type MakeModel, makeParrot } from "./parrot.ts";
import { tour } from "./tour/tour.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs one command.
 *
 * @param args the arguments after the command's name.
 * @param makeModel makes the model that speaks. Default: the parrot.
 * @returns the exit code: 0, 1 where the work failed or a model broke a rule, 2 for wrong usage, also of `check` with a file
 * that has no model to check. It never rejects.
 */
export async function runCli(
  args: readonly string[],
  host: CliHost,
  makeModel: MakeModel = makeParrot,
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.name === "check") return await check(command, host);
    await run(command, host, makeModel);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const hint = isUsage ? ` (${host.program} --help tells more)` : "";
    await print(host.stderr, `linnet: ${messageOf(error)}${hint}\n`);
    return isUsage ? 2 : 1;
  }
}

async function run(command: Exclude<Command, { name: "check" }>, host: CliHost, makeModel: MakeModel): Promise<void> {
  switch (command.name) {
    case "help":
      return print(host.stdout, helpText(host.program));
    case "version":
      return print(host.stdout, `${VERSION}\n`);
    case "tour":
      return tour(host);
    case "chat":
      return chat(command, host, makeModel);
    case "events":
      return events(command, host, makeModel);
    case "graph":
      return graph(command, host);
  }
}

/** What an error says, on one line. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replace(/\s*[\r\n]+\s*/g, " ");
}
