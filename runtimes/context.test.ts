import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextProgram, contextReport } from "./context-program.ts";

/** The runtimes that have `AsyncLocalStorage`, and what runs a file in each. Deno is given no permission at all. */
const runtimes: readonly (readonly [name: string, path: string | undefined, commands: readonly string[]])[] = [
  ["Node", process.execPath, []],
  ["Deno", find("deno"), ["run", "--no-prompt"]],
  ["Bun", find("bun"), ["run"]],
];

/** Where a runtime is installed, on the path or beside these tests; undefined where it is not. */
function find(name: string): string | undefined {
  const folders = [resolve("runtimes/node_modules/.bin"), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "linnet-context-"));
  cpSync("dist", folder, { recursive: true, filter: (path) => !path.endsWith(".d.ts") });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "report.js"), "globalThis.report = (seen) => console.log(JSON.stringify(seen));\n");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program in a runtime and gives what it reported. */
function run(path: string, commands: readonly string[], program: string): unknown {
  writeFileSync(join(folder, "main.js"), `import "./report.js";\n${program}`);
  const said = execFileSync(path, [...commands, "main.js"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 50_000,
  });
  return JSON.parse(said);
}

describe.each(runtimes)(
  "in %s, 50 streams at once report each nested call under their own parent",
  (_name, path, commands) => {
    it.skipIf(path === undefined)(
      `with the implicit context${path === undefined ? " (skipped: it is not installed)" : ""}`,
      () => {
        expect(run(path as string, commands, contextProgram(true))).toEqual(contextReport(true));
      },
    );

    it.skipIf(path === undefined)(
      `with configs that are handed on${path === undefined ? " (skipped: it is not installed)" : ""}`,
      () => {
        expect(run(path as string, commands, contextProgram(false))).toEqual(contextReport(false));
      },
    );
  },
);

describe("without the import of linnet/node", () => {
  it("nothing of AsyncLocalStorage is touched, by loading or by running", () => {
    const poison = `
      const touch = () => { throw new Error("AsyncLocalStorage was touched."); };
      Object.defineProperty(globalThis, "AsyncLocalStorage", { get: touch });
      process.getBuiltinModule = touch;
    `;
    writeFileSync(join(folder, "poison.js"), poison);
    const poisoned = (program: string): unknown => run(process.execPath, [], `import "./poison.js";\n${program}`);
    expect(poisoned(contextProgram(false))).toEqual(contextReport(false));
    // The poison works.
    expect(() => poisoned('import "./node.js";')).toThrow(/AsyncLocalStorage was touched/);
  });

  it("no other built file names a module that has it", () => {
    const naming = readdirSync("dist", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".js"))
      .filter((file) =>
        /from\s*"node:async_hooks"|import\("node:async_hooks"\)/.test(readFileSync(join("dist", file), "utf8")),
      );
    expect(naming).toEqual([]);
  });
});

it("where the runtime has no AsyncLocalStorage, the import of linnet/node does nothing", () => {
  const program = `
    import "./hide.js";
    import { asyncContext, installNodeContext } from "./node.js";
    import { RunnableLambda } from "./index.js";
    const reply = await RunnableLambda.from((text) => text + "!").invoke("a");
    report({ reply, installed: installNodeContext(), context: asyncContext() === undefined });
  `;
  writeFileSync(join(folder, "hide.js"), "process.getBuiltinModule = undefined;\n");
  expect(run(process.execPath, [], program)).toEqual({ reply: "a!", installed: false, context: true });
});
