import { readFileSync } from "node:fs";

/**
 * What is changed in the files of the two libraries before they are inlined, each text with what takes its place. Both only define
 * things, which bundlers cannot tell: so that they may drop a library that an app does not use, what is done at the start is
 * marked as free of effects. The module format of old costs an app 250 bytes around the library, so it becomes a module.
 */
const changes = new Map([
  [
    "eventemitter3/index.js",
    [
      ["'use strict';", "const Emitter = /* @__PURE__ */ (() => {"],
      [
        "if ('undefined' !== typeof module) {\n  module.exports = EventEmitter;\n}",
        "return EventEmitter;\n})();\nexport default Emitter;",
      ],
    ],
  ],
  [
    "uuid/dist/stringify.js",
    [
      ["const byteToHex = [];\n", "const byteToHex = /* @__PURE__ */ (() => {\nconst byteToHex = [];\n"],
      [".slice(1));\n}\n", ".slice(1));\n}\nreturn byteToHex;\n})();\n"],
    ],
  ],
  ["uuid/dist/rng.js", [["= new Uint8Array", "= /* @__PURE__ */ new Uint8Array"]]],
]);

/**
 * The plugin that inlines the libraries so that they can be dropped again.
 *
 * @type {import("esbuild").Plugin}
 */
export const inlineLibraries = {
  name: "inline-libraries",
  setup(build) {
    build.onLoad({ filter: /[/\\]node_modules[/\\](?:eventemitter3|uuid)[/\\].*\.js$/ }, ({ path }) => {
      const file = path.replaceAll("\\", "/").split("/node_modules/").at(-1);
      return { contents: changed(file, readFileSync(path, "utf8")), loader: "js" };
    });
  },
};

/**
 * The text of a library's file as it is inlined.
 *
 * @param {string} file below `node_modules`
 * @param {string} text
 * @returns {string}
 * @throws Error where the library is no longer written as it was
 */
export function changed(file, text) {
  return (changes.get(file) ?? []).reduce((result, [from, to]) => {
    if (result.split(from).length !== 2) {
      throw new Error(`${file} no longer has ${JSON.stringify(from)} once. Mend scripts/lib/inline-libraries.mjs.`);
    }
    return result.replace(from, () => to);
  }, text);
}
