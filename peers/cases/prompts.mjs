/**
 * Records what the peer's prompts give into test/fixtures/prompts.json. With `--check` nothing is written; the exit code is 1
 * when the recording differs from the file.
 *
 * Usage: node cases/prompts.mjs [--check]
 */
import { readFile, writeFile } from "node:fs/promises";
import * as selectors from "@langchain/core/example_selectors";
import { ImagePromptValue } from "@langchain/core/prompt_values";
import * as prompts from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { recordPrompts } from "../../test/fixtures/prompt-cases.mjs";

const FILE = new URL("../../test/fixtures/prompts.json", import.meta.url);

const recorded = await recordPrompts({ ...prompts, ...selectors, ImagePromptValue, RunnableLambda });
const lines = Object.entries(recorded).map(([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`);
const text = `{\n${lines.join(",\n")}\n}\n`;
if (!process.argv.includes("--check")) await writeFile(FILE, text);
else if ((await readFile(FILE, "utf8")) !== text) {
  console.error("test/fixtures/prompts.json differs.");
  process.exitCode = 1;
}
