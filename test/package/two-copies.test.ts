import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

type Messages = typeof import("../../src/entries/messages.ts");

let folder: string;
let first: Messages;
let second: Messages;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "linnet-copies-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const copy of ["first", "second"]) cpSync("dist", join(folder, copy), { recursive: true });
  const door = (copy: string): Promise<Messages> => import(pathToFileURL(join(folder, copy, "messages.js")).href);
  [first, second] = await Promise.all([door("first"), door("second")]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("messages of two copies of the package", () => {
  it("are of two classes, and known to each other by their brands", () => {
    const chunk = new second.AIMessageChunk("hi");
    expect(chunk).not.toBeInstanceOf(first.AIMessage);
    expect(
      [first.AIMessage, first.AIMessageChunk, first.BaseMessage, first.BaseMessageChunk].map((made) =>
        made.isInstance(chunk),
      ),
    ).toEqual([true, true, true, true]);
    expect(first.BaseMessageChunk.isInstance(new second.AIMessage("hi"))).toBe(false);
    expect(first.isHumanMessage(new second.HumanMessage("hi"))).toBe(true);
    expect(first.coerceMessageLikeToMessage(chunk)).toBe(chunk);
  });

  it("sum, their calls included", () => {
    const piece = (copy: Messages, args: string): InstanceType<Messages["AIMessageChunk"]> =>
      new copy.AIMessageChunk({ content: "a", tool_call_chunks: [{ index: 0, id: "c", name: "f", args }] });
    const sum = piece(first, '{"a"').concat(piece(second, ":1}"));
    expect(sum).toBeInstanceOf(first.AIMessageChunk);
    expect([sum.content, sum.tool_calls[0]?.args]).toEqual(["aa", { a: 1 }]);
    expect(first.concatAll([piece(first, '{"a"'), piece(second, ":1}")])?.tool_calls).toEqual(sum.tool_calls);
  });

  it("are of one type", () => {
    const program = `
      import * as a from "./first/types/entries/messages.js";
      import * as b from "./second/types/entries/messages.js";
      export const chunk: a.AIMessageChunk = new a.AIMessageChunk("x").concat(new b.AIMessageChunk("y"));
      export const messages: a.BaseMessage[] = [new b.HumanMessage("x"), new b.ToolMessage("x", "c"), new b.SystemMessageChunk("x")];
      export const fields: a.UsageMetadata | undefined = b.addUsage();
    `;
    writeFileSync(join(folder, "program.mts"), program);
    const compiler = join(process.cwd(), "node_modules/typescript/bin/tsc");
    const options = "--noEmit --strict --target es2022 --module nodenext --lib es2022,dom,esnext.disposable --types";
    const compile = (): string =>
      execFileSync(process.execPath, [compiler, ...options.split(" "), "", "program.mts"], {
        cwd: folder,
        encoding: "utf8",
      });
    expect(compile()).toBe("");
  });
});
