import { describe, expect, it } from "vitest";
import { parseCommand } from "../../src/cli/arguments.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";

const parrot = { length: undefined, delay: undefined };
const events = { name: "events", text: undefined, json: false, form: "default", ...parrot };

describe("the arguments", () => {
  it.each([
    [[], { name: "tour" }],
    [["tour"], { name: "tour" }],
    [["--help"], { name: "help" }],
    [["-h"], { name: "help" }],
    [["chat", "--nonsense", "-h"], { name: "help" }],
    [["--version"], { name: "version" }],
    [["-v"], { name: "version" }],
    [["chat", "-v"], { name: "version" }],
    [["chat"], { name: "chat", text: undefined, ...parrot }],
    [["chat", "hello"], { name: "chat", text: "hello", ...parrot }],
    [["chat", "hello", "there"], { name: "chat", text: "hello there", ...parrot }],
    [["chat", ""], { name: "chat", text: "", ...parrot }],
    [["chat", "--", "--json"], { name: "chat", text: "--json", ...parrot }],
    [["chat", "hello", "--length", "3", "--delay=0"], { name: "chat", text: "hello", length: 3, delay: 0 }],
    [["--delay", "60000", "chat", "hello"], { name: "chat", text: "hello", length: undefined, delay: 60_000 }],
    [["chat", "hello", "--length", "3", "--length", "4"], { name: "chat", text: "hello", length: 4, delay: undefined }],
    [["events"], events],
    [["events", "hello", "--json"], { ...events, text: "hello", json: true }],
    [["events", "--form", "v1"], { ...events, form: "v1" }],
    [["events", "--form=v2", "--length", "1"], { ...events, form: "v2", length: 1 }],
    [["events", "--form", "default"], events],
    [["graph"], { name: "graph", form: "picture" }],
    [["graph", "--mermaid"], { name: "graph", form: "mermaid" }],
    [["--json", "graph"], { name: "graph", form: "json" }],
    [["check", "./my-model.js"], { name: "check", file: "./my-model.js", json: false }],
    [["check", "--", "-model.js"], { name: "check", file: "-model.js", json: false }],
    [["check", "a.js", "--json"], { name: "check", file: "a.js", json: true }],
  ])("%j ask for a command", (args, command) => {
    expect(parseCommand(args)).toEqual(command);
  });

  it.each([
    [["sing"], 'unknown command "sing"; expected chat, events, graph, check, or none for the tour'],
    [["__proto__"], 'unknown command "__proto__"; expected chat, events, graph, check, or none for the tour'],
    [["toString"], 'unknown command "toString"; expected chat, events, graph, check, or none for the tour'],
    [["tour", "hello"], 'tour takes no text, got "hello"'],
    [["graph", "a", "b"], 'graph takes no text, got "a b"'],
    [["graph", "--json", "--mermaid"], "graph takes --json or --mermaid, not both"],
    [["check"], "check takes one file with a model, got none; for example: check ./my-model.js"],
    [["check", ""], "check takes one file with a model, got an empty name; for example: check ./my-model.js"],
    [["check", "a", "b"], "check takes one file with a model, got 2; for example: check ./my-model.js"],
    [["check", "a", "--mermaid"], "check has no option --mermaid; it belongs to graph"],
    [["events", "--mermaid"], "events has no option --mermaid; it belongs to graph"],
    [["--loud"], 'unknown option --loud; a text that begins with "-" goes after "--"'],
    [["chat", "-x"], 'unknown option -x; a text that begins with "-" goes after "--"'],
    [["chat", "--\u001b[31m"], 'unknown option "--\\u001b[31m"; a text that begins with "-" goes after "--"'],
    [["chat", "--__proto__"], 'unknown option --__proto__; a text that begins with "-" goes after "--"'],
    [["--json"], "tour has no option --json; it belongs to events, graph and check"],
    [["chat", "--json"], "chat has no option --json; it belongs to events, graph and check"],
    [["--length", "3"], "tour has no option --length; it belongs to chat and events"],
    [["chat", "hello", "--length"], "--length needs a value"],
    [["events", "hello", "--length", "--json"], "--length needs a value"],
    [["events", "hello", "--json=yes"], '--json takes no value, got "yes"'],
    [["chat", "--length", "0"], '--length takes a whole number from 1, got "0"'],
    [["chat", "--length", "three"], '--length takes a whole number from 1, got "three"'],
    [["chat", "--length", "1.5"], '--length takes a whole number from 1, got "1.5"'],
    [["chat", "--length", "99999999999999999999"], '--length takes a whole number from 1, got "99999999999999999999"'],
    [["chat", "--length="], '--length takes a whole number from 1, got ""'],
    [["chat", "--delay", "-5"], '--delay takes a whole number from 0 to 60000, got "-5"'],
    [["chat", "--delay", "60001"], '--delay takes a whole number from 0 to 60000, got "60001"'],
    [["events", "--form", "v3"], '--form takes v1, v2 or default, got "v3"'],
  ])("%j are refused", (args, message) => {
    expect(() => parseCommand(args)).toThrow(new UsageError(message));
  });

  it("are refused with an error of the package's family", () => {
    const error = new UsageError("no");
    expect(LinnetError.isInstance(error)).toBe(true);
    expect([error.name, error.code]).toEqual(["UsageError", "INVALID_INPUT"]);
  });
});
