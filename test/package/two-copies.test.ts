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

type Linnet = typeof import("../../src/entries/index.ts");

describe("runnables of two copies of the package", () => {
  it("compose into one tree of runs, with one limit, one redaction and events of their own", async () => {
    const door = (copy: string): Promise<Linnet> => import(pathToFileURL(join(folder, copy, "index.js")).href);
    const [one, other] = await Promise.all([door("first"), door("second")]);
    const told: unknown[] = [];
    let [inFlight, most] = [0, 0];
    const work = other.RunnableLambda.from(async (text: string, config) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await other.dispatchCustomEvent("seen", text, config);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight -= 1;
      return text;
    });
    const inner = other.RunnableSequence.from([work, work]);
    const outer = one.RunnableSequence.from([one.RunnableLambda.from((text: string) => text), inner]);
    const config = {
      maxConcurrency: 2,
      redact: one.redactText((text: string) => text.replace("secret", "***")),
      callbacks: [
        {
          handleChainStart: (...start: unknown[]) => void told.push([start[1], start[4]]),
          handleCustomEvent: (name: string, data: unknown) => void told.push([name, data]),
        },
      ],
    };
    expect(await outer.batch(["a secret"], config)).toEqual(["a secret"]);
    expect(told).toEqual([
      [{ input: "a ***" }, []],
      [{ input: "a ***" }, ["seq:step:1"]],
      [{ input: "a ***" }, ["seq:step:2"]],
      [{ input: "a ***" }, ["seq:step:1"]],
      ["seen", "a ***"],
      [{ input: "a ***" }, ["seq:step:2"]],
      ["seen", "a ***"],
    ]);
    const wide = one.RunnableLambda.from((text: string) => text).pipe(
      other.RunnableMap.from({ a: work, b: work, c: work }),
    );
    await wide.batch(["a", "b", "c"], { maxConcurrency: 2 });
    expect(most).toBe(2);
  });
});
