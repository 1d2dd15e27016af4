import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly name: string;
  readonly version: string;
  readonly exports: Record<string, unknown>;
  readonly dependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly optionalDependencies?: unknown;
};
const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== "./package.json");

let folder: string;

/** Runs a command in the empty folder and gives what it prints. */
function run(command: string, options: readonly string[], cwd = folder): string {
  return execFileSync(command, options, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "linnet-installed-"));
  const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], process.cwd());
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the packed package, installed in an empty folder", () => {
  it("brings no other package", () => {
    const installed = readdirSync(join(folder, "node_modules")).filter((entry) => !entry.startsWith("."));
    expect(installed).toEqual([manifest.name]);
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("peerDependencies");
    expect(manifest).not.toHaveProperty("optionalDependencies");
  });

  it("holds the source, the licence and the notices", () => {
    const root = join(folder, "node_modules", manifest.name);
    expect(readdirSync(root)).toEqual(expect.arrayContaining(["LICENSE", "THIRD-PARTY-NOTICES", "dist", "src"]));
    expect(readdirSync(join(root, "src"))).toContain("entries");
  });

  it.each(subpaths)("imports and requires %s, with the same names from both", (subpath) => {
    const name = subpath.replace(/^\./, manifest.name);
    const program = `
      const required = require(${JSON.stringify(name)});
      import(${JSON.stringify(name)}).then((imported) => {
        const names = (from) => Object.keys(from).filter((key) => key !== "__esModule").sort();
        const isSame = names(imported).every((key) => imported[key] === required[key]);
        console.log(JSON.stringify({ imported: names(imported), required: names(required), isSame }));
      });
    `;
    const said = JSON.parse(run(process.execPath, ["-e", program])) as Record<string, unknown>;
    expect(said.required).toEqual(said.imported);
    expect(said.isSame).toBe(true);
    if (subpath !== "./node") expect(said.imported).not.toEqual([]);
  });

  it("knows its own version", () => {
    const source = readFileSync("src/models/version.ts", "utf8");
    expect(source).toContain(`"${manifest.version}"`);
  });

  it("gives its package.json", () => {
    const program = `console.log(require("${manifest.name}/package.json").name)`;
    expect(run(process.execPath, ["-e", program]).trim()).toBe(manifest.name);
  });

  it("refuses a subpath that is no door", () => {
    const program = `import("${manifest.name}/dist/index.js").catch((error) => console.log(error.code))`;
    expect(run(process.execPath, ["-e", program]).trim()).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  it("type-checks in a strict project that checks its dependencies' types too", () => {
    const imports = subpaths.map((subpath, index) => {
      return `import * as door${index} from ${JSON.stringify(subpath.replace(/^\./, manifest.name))};\nvoid door${index};\n`;
    });
    writeFileSync(join(folder, "consumer.mts"), imports.join(""));
    const compiler = join(process.cwd(), "node_modules/typescript/bin/tsc");
    const options = "--noEmit --strict --target es2022 --module nodenext --lib es2022,dom,esnext.disposable";
    const compile = (): string => run(process.execPath, [compiler, ...options.split(" "), "consumer.mts"]);
    expect(compile()).toBe("");
    writeFileSync(join(folder, "consumer.mts"), `${imports.join("")}export const wrong: door0.Secret = 1;\n`);
    expect(compile).toThrow();
  });
});

/** Lists the files of `dist` with one ending. */
function builtFiles(ending: string): string[] {
  return readdirSync("dist", { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(ending));
}

/** What a built file imports; examples in comments do not count. */
function importsOf(file: string): string[] {
  const code = readFileSync(join("dist", file), "utf8").replace(/^\s*(?:\/\*\*|\*).*$/gm, "");
  const statements = code.matchAll(/^(?:import|export)\b(?:[^;"']*?\bfrom)?\s*["']([^"'\n]+)["'];$/gm);
  const expressions = code.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  return [...statements, ...expressions].map((match) => String(match[1]));
}

describe("the built types", () => {
  it("import nothing but each other, and neither of the inlined libraries", () => {
    const files = builtFiles(".d.ts");
    expect(files.length).toBeGreaterThan(subpaths.length);
    expect(files.flatMap(importsOf)).toContain("./errors.js");
    for (const file of files) {
      expect(
        importsOf(file).filter((specifier) => !specifier.startsWith(".")),
        file,
      ).toEqual([]);
    }
  });

  it("are in one file for the standalone door", () => {
    expect(importsOf("standalone.d.ts")).toEqual([]);
  });
});

describe("the built code", () => {
  it("imports nothing but its own files, and Node built-ins only in the command and the node door", () => {
    const files = builtFiles(".js");
    expect(files.flatMap(importsOf)).toContain("./chunks/wiring.js");
    for (const file of files) {
      const mayUseNode = file === "cli.js" || file === "node.js";
      const foreign = importsOf(file).filter((specifier) => !specifier.startsWith("."));
      expect(mayUseNode ? foreign.filter((specifier) => !specifier.startsWith("node:")) : foreign, file).toEqual([]);
    }
  });

  it("is plain ASCII in all that apps import: any other character slows the import of its file down", () => {
    const isPlain = (file: string): boolean => /^[\t\n\x20-\x7e]*$/.test(readFileSync(join("dist", file), "utf8"));
    expect(builtFiles(".js").filter((file) => file !== "cli.js" && !isPlain(file))).toEqual([]);
  });

  it("is one file where it stands alone", () => {
    expect(importsOf("standalone.js")).toEqual([]);
  });

  it.each(["index.js", "standalone.js"])("keeps the names of the classes in %s", async (file) => {
    const door = (await import(join(process.cwd(), "dist", file))) as Record<string, unknown>;
    const aliases = new Map([["RunnableParallel", "RunnableMap"]]);
    for (const [name, value] of Object.entries(door)) {
      if (typeof value !== "function" || !/^[A-Z]/.test(name)) continue;
      expect(value.name, name).toBe(aliases.get(name) ?? name);
    }
  });
});
