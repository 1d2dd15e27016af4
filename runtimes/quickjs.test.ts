import { readdirSync, readFileSync } from "node:fs";
import { getQuickJS, type QuickJSContext, type QuickJSHandle } from "quickjs-emscripten";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextProgram, contextReport } from "./context-program.ts";
import { messagesProgram, messagesReport } from "./messages-program.ts";
import { standaloneProgram, standaloneReport } from "./standalone-program.ts";

/** What a bare QuickJS lacks and browsers and Node have: nothing here may stand in for it. */
const absentGlobals = [
  "setTimeout",
  "AbortController",
  "crypto",
  "console",
  "structuredClone",
  "ReadableStream",
  "URL",
];

/** What may be imported: the standalone file, and the doors with what they share. */
const files = new Set(readdirSync("dist", { recursive: true }).map((file) => String(file)));

let vm: QuickJSContext;
let reported: unknown;

beforeEach(async () => {
  vm = (await getQuickJS()).newContext();
  reported = undefined;
  vm.runtime.setModuleLoader((name) => {
    if (files.has(name)) return readFileSync(`dist/${name}`, "utf8");
    return { error: new Error(`The built files stand alone, yet "${name}" is imported.`) };
  });
  vm.newFunction("report", (seen) => {
    reported = vm.dump(seen);
  }).consume((report) => vm.setProp(vm.global, "report", report));
});

afterEach(() => {
  vm.dispose();
});

/** Runs a module to its end, its awaits included, and gives what it reported. */
function runModule(code: string): unknown {
  const program = unwrap(vm.evalCode(code, "main.js", { type: "module" }));
  try {
    unwrap(vm.runtime.executePendingJobs());
    const state = vm.getPromiseState(program);
    if (state.type === "pending") throw new Error("The program waits for something that never comes.");
    const result = unwrap(state);
    if (result !== program) result.dispose();
    return reported;
  } finally {
    // A handle that is left makes the runtime abort when it is freed, which would hide why the program failed.
    program.dispose();
  }
}

/** As `vm.unwrapResult`, whose error holds the whole runtime and takes a test's report half a minute to print. */
function unwrap<Value>(result: { error?: undefined; value: Value } | { error: QuickJSHandle }): Value {
  if (result.error === undefined) return result.value;
  const { name, message, stack } = result.error.consume((error) => vm.dump(error)) as Record<string, string>;
  throw new Error(`${name}: ${message}\n${stack}`);
}

describe("the standalone file in QuickJS", () => {
  it("loads where the globals of browsers and Node are absent", () => {
    const code = `
      import * as linnet from "./standalone.js";
      report({
        present: ${JSON.stringify(absentGlobals)}.filter((name) => name in globalThis),
        hasModel: typeof linnet.ChatParrotLink,
      });
    `;
    expect(runModule(code)).toEqual({ present: [], hasModel: "function" });
  });

  it("invokes, batches, streams and gives events", () => {
    expect(runModule(standaloneProgram)).toEqual(standaloneReport);
  });
});

describe("the door of messages in QuickJS", () => {
  it("sums, converts, stores, trims and merges", () => {
    expect(runModule(messagesProgram)).toEqual(messagesReport);
  });

  it("is the same in the standalone file", () => {
    expect(runModule(messagesProgram.replace("./messages.js", "./standalone.js"))).toEqual(messagesReport);
  });
});

describe("runs in QuickJS", () => {
  it("report under their own parents, 50 streams at once, by configs that are handed on", () => {
    expect(runModule(contextProgram(false))).toEqual(contextReport(false));
  });

  it("go on as before where linnet/node is imported: there is no AsyncLocalStorage, and nothing is installed", () => {
    const code = `import { installNodeContext } from "./node.js";\n${contextProgram(false).replace(
      "context: false",
      "context: installNodeContext()",
    )}`;
    expect(runModule(code)).toEqual(contextReport(false));
  });
});
