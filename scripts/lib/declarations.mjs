import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);

/**
 * Writes one `.d.ts` per source file. Stops the build on a type error.
 *
 * @param {string} root the repository
 * @param {string} folder where to
 */
export function writeTypes(root, folder) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  run(root, [tsc, "-p", "tsconfig.build.json", "--outDir", folder]);
  for (const entry of readdirSync(folder, { recursive: true })) {
    const file = join(folder, String(entry));
    if (!file.endsWith(".d.ts")) continue;
    // The compiler leaves `.ts` endings in declarations, where older compilers and other tools want `.js`.
    const text = readFileSync(file, "utf8")
      .replace(/((?:from|import)\s*\(?\s*"\.[^"]*)\.ts"/g, '$1.js"')
      // With the mark of private fields, objects of two copies of the package would be of two types.
      .replace(/^\s*#private;\n/gm, "");
    writeFileSync(file, text);
  }
}

/**
 * Rolls the types of one entry up in one file.
 *
 * @param {string} root the repository
 * @param {string} entry the entry's `.d.ts`
 * @param {string} file where to
 */
export function rollUpTypes(root, entry, file) {
  const { Extractor, ExtractorConfig } = require("@microsoft/api-extractor");
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions: declarationOptions, files: [entry] } },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: file },
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" } },
        extractorMessageReporting: { default: { logLevel: "none" } },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
  });
  const problems = [];
  const result = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === "error" || message.logLevel === "warning") problems.push(message.text);
    },
  });
  if (!result.succeeded) throw new Error(`The types could not be rolled up:\n${problems.join("\n")}`);
  // The tool takes what a namespace exports again for a declaration.
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("export export declare type {", "export type {"));
}

const declarationOptions = {
  target: "es2022",
  lib: ["es2022", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  types: [],
  skipLibCheck: true,
  strict: true,
};

function run(root, command) {
  try {
    execFileSync(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (error) {
    throw new Error(`${command.join(" ")} failed:\n${error.stdout}${error.stderr}`);
  }
}
