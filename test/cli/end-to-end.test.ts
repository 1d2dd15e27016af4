import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../src/models/version.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command. @param leaveAfter closes its output after so many characters, as `head` does. */
function linnet(args: string[], input = "", leaveAfter = Number.POSITIVE_INFINITY): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      out += data.toString();
      if (out.length >= leaveAfter) child.stdout.destroy();
    });
    child.stderr.on("data", (data: Buffer) => {
      err += data.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => {}); // A command that does not read may be gone before this is written.
    child.stdin.end(input);
  });
}

describe("the built command", () => {
  it("prints its version", async () => {
    expect(await linnet(["--version"])).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  });

  it("replies to a text and to standard input", async () => {
    expect(await linnet(["chat", "hello"])).toEqual({ code: 0, out: "hello\n", err: "" });
    expect(await linnet(["chat"], "안녕\n")).toEqual({ code: 0, out: "안녕\n", err: "" });
  });

  it("ends wrong usage with exit code 2 and one line", async () => {
    const { code, out, err } = await linnet(["events", "hello", "--form", "v9"]);
    expect([code, out, err.split("\n").length]).toEqual([2, "", 2]);
  });

  it("prints events as lines of JSON", async () => {
    const { code, out } = await linnet(["events", "hi", "--json"]);
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { name: string }).name),
    ).toContain("StrOutputParser");
  });

  it("shows the tour without delay and without colours where nobody watches", async () => {
    const { code, out, err } = await linnet([]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("c|a|t||");
    expect(out).not.toContain("\u001b");
  });

  it("ends quietly when its reader leaves", async () => {
    const { code, err } = await linnet(["events", "a".repeat(20_000), "--json"], "", 10);
    expect([code, err]).toEqual([0, ""]);
  });
});
