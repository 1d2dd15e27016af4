import { describe, expect, it } from "vitest";
import { TokenLedger } from "../../src/callbacks/token-ledger.ts";

describe("TokenLedger", () => {
  it("has nothing to say of a chunk that the author did not report", () => {
    const ledger = new TokenLedger();
    expect(ledger.receive({})).toBeUndefined();
  });

  it("gives the report that was made for this very chunk, whatever its order", () => {
    const ledger = new TokenLedger();
    const [first, second] = [{}, {}];
    ledger.report("b", second);
    ledger.report("a", first);
    expect(ledger.receive(first)).toBe("a");
    expect(ledger.receive(second)).toBe("b");
    expect(ledger.receive({})).toBeUndefined();
  });

  it("prefers that report to an earlier one without a chunk", () => {
    const ledger = new TokenLedger();
    const chunk = {};
    ledger.report("any", undefined);
    ledger.report("this", chunk);
    expect(ledger.receive(chunk)).toBe("this");
    expect(ledger.receive({})).toBe("any");
  });

  it("gives reports without a chunk in order", () => {
    const ledger = new TokenLedger();
    ledger.report("a", undefined);
    ledger.report("b", undefined);
    expect([ledger.receive({}), ledger.receive({}), ledger.receive({})]).toEqual(["a", "b", undefined]);
  });

  it("keeps the others in order, whichever is taken", () => {
    const ledger = new TokenLedger();
    const [first, second, third] = [{}, {}, {}];
    ledger.report("a", first);
    ledger.report("b", undefined);
    ledger.report("c", third);
    ledger.report("d", second);
    expect([ledger.receive(third), ledger.receive(second), ledger.receive({}), ledger.receive(first)]).toEqual([
      "c",
      "d",
      "b",
      "a",
    ]);
  });

  it("does not give a report that was made for another chunk", () => {
    const ledger = new TokenLedger();
    ledger.report("other", {});
    expect(ledger.receive({})).toBeUndefined();
  });

  it("drops a report without a chunk that comes after its chunk", () => {
    const ledger = new TokenLedger();
    expect(ledger.receive({})).toBeUndefined();
    ledger.report("late", undefined);
    expect(ledger.receive({})).toBeUndefined();
    ledger.report("late again", undefined);
    ledger.report("early", undefined);
    expect(ledger.receive({})).toBe("early");
  });

  it("keeps at most 64 reports, and drops the oldest", () => {
    const ledger = new TokenLedger();
    for (let count = 0; count < 66; count += 1) ledger.report(`${count}`, undefined);
    expect(ledger.receive({})).toBe("2");
    const tokens = Array.from({ length: 64 }, () => ledger.receive({}));
    expect(tokens.at(62)).toBe("65");
    expect(tokens.at(63)).toBeUndefined();
  });
});
