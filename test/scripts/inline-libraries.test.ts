import { readFileSync } from "node:fs";
import { EventEmitter } from "eventemitter3";
import { describe, expect, it, test } from "vitest";
import { changed } from "../../scripts/lib/inline-libraries.mjs";

const files = ["eventemitter3/index.js", "uuid/dist/stringify.js", "uuid/dist/rng.js"];
const read = (file: string): string => readFileSync(`node_modules/${file}`, "utf8");

/** The module that a text without imports makes. */
function load(text: string): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`);
}

describe("an inlined library", () => {
  test.each(files)("starts with nothing but definitions: %s", (file) => {
    const text = changed(file, read(file));
    expect(text).not.toBe(read(file));
    expect(text).toContain("/* @__PURE__ */");
    expect(text).not.toContain("module.exports");
  });

  it("is the emitter that it was", async () => {
    const { default: inlined } = (await load(changed(files[0] as string, read(files[0] as string)))) as {
      default: typeof EventEmitter;
    };
    expect(Object.keys(inlined.prototype).sort()).toEqual(Object.keys(EventEmitter.prototype).sort());
    const emitter = new inlined<"told">();
    const told: unknown[] = [];
    emitter.on("told", (...given: unknown[]) => void told.push(given));
    expect([emitter.emit("told", 1, 2, 3, 4), emitter.listenerCount("told"), told]).toEqual([true, 1, [[1, 2, 3, 4]]]);
  });

  it("gives the ids that it gave", async () => {
    const text = changed("uuid/dist/stringify.js", read("uuid/dist/stringify.js")).replace(/^import .*$/m, "");
    const { unsafeStringify } = (await load(text)) as { unsafeStringify: (bytes: number[]) => string };
    const bytes = Array.from({ length: 16 }, (_, at) => at * 17);
    expect(unsafeStringify(bytes)).toBe("00112233-4455-6677-8899-aabbccddeeff");
  });

  it("is left as it is where nothing has to be changed", () => {
    expect(changed("uuid/dist/v7.js", "text")).toBe("text");
  });

  test.each(files)("is refused where it is written anew: %s", (file) => {
    expect(() => changed(file, "export default 1;")).toThrow(/no longer has .* once\. Mend/);
    expect(() => changed(file, `${read(file)}${read(file)}`)).toThrow(/no longer has/);
  });
});
