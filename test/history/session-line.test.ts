import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOfHistory, lineOfSession, SessionLine, type Visitor } from "../../src/history/session-line.ts";

const visitor = (outer?: Visitor): Visitor => ({ outer });

/** Stands in a line, and writes down when it is in. */
function standing(line: SessionLine, name: string, log: string[], outer?: Visitor) {
  const who = visitor(outer);
  return { who, leave: line.stand(who, () => log.push(name)) };
}

describe("a line", () => {
  it("lets in at once where nobody is in, and the others in their order", () => {
    const log: string[] = [];
    const line = new SessionLine();
    const [a, b, c] = ["a", "b", "c"].map((name) => standing(line, name, log));
    expect(log).toEqual(["a"]);
    a?.leave();
    expect(log).toEqual(["a", "b"]);
    b?.leave();
    c?.leave();
    expect(log).toEqual(["a", "b", "c"]);
  });

  it("is left by who waits without anybody's being let in", () => {
    const log: string[] = [];
    const line = new SessionLine();
    const a = standing(line, "a", log);
    const b = standing(line, "b", log);
    standing(line, "c", log);
    b.leave();
    expect(log).toEqual(["a"]);
    a.leave();
    expect(log).toEqual(["a", "c"]);
    b.leave();
    a.leave();
    expect(log).toEqual(["a", "c"]);
  });

  it("tells when the last has left, and only then", () => {
    let emptied = 0;
    const line = new SessionLine(() => {
      emptied += 1;
    });
    const a = standing(line, "a", []);
    const b = standing(line, "b", []);
    b.leave();
    expect(emptied).toBe(0);
    a.leave();
    a.leave();
    expect(emptied).toBe(1);
  });

  it("does not let those wait who are inside the one that is in, but lets them wait for each other", () => {
    const log: string[] = [];
    const line = new SessionLine();
    const outer = standing(line, "outer", log);
    standing(line, "next", log);
    const first = standing(line, "first inside", log, outer.who);
    const second = standing(line, "second inside", log, visitor(outer.who));
    standing(line, "inside the first", log, first.who);
    expect(log).toEqual(["outer", "first inside", "inside the first"]);
    first.leave();
    expect(log.at(-1)).toBe("second inside");
    second.leave();
    outer.leave();
    expect(log.at(-1)).toBe("next");
    standing(line, "late inside", log, outer.who);
    expect(log.at(-1)).toBe("next");
  });

  it("refuses who would wait for one that waits for it, also around several", () => {
    const lines = [new SessionLine(), new SessionLine(), new SessionLine()] as const;
    const outers = lines.map((line, index) => standing(line, `${index}`, []));
    const inside = (index: number) => visitor((outers[index] as { who: Visitor }).who);
    const waits = lines[1].stand(inside(0), () => {});
    lines[2].stand(inside(1), () => {});
    const close = () => lines[0].stand(inside(2), () => {});
    expect(close).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED" }));
    waits();
    expect(close).not.toThrow();
  });

  it("refuses nobody who waits in another order", () => {
    const lines = [new SessionLine(), new SessionLine()] as const;
    const log: string[] = [];
    const a = standing(lines[0], "a", log);
    const b = standing(lines[1], "b", log);
    standing(lines[1], "inside a", log, a.who);
    standing(lines[0], "behind a", log);
    b.leave();
    expect(log).toEqual(["a", "b", "inside a"]);
  });

  it("lets everybody in who stays, one at a time, in order, whoever leaves when", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (moves) => {
        const line = new SessionLine();
        const inside = new Set<number>();
        const standers: { leave: () => void; left: boolean; entered: boolean }[] = [];
        for (const move of moves) {
          if (move < 4) {
            const index = standers.length;
            const entry = { leave: (): void => {}, left: false, entered: false };
            standers.push(entry);
            entry.leave = line.stand(visitor(), () => {
              expect(inside.size).toBe(0);
              expect(entry.left).toBe(false);
              inside.add(index);
              entry.entered = true;
            });
          } else if (standers.length > 0) {
            const index = move % standers.length;
            const entry = standers[index] as (typeof standers)[number];
            entry.left = true;
            inside.delete(index);
            entry.leave();
          }
          const first = standers.findIndex(({ left }) => !left);
          expect([...inside]).toEqual(first === -1 ? [] : [first]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the line of a session", () => {
  it("is one for the same maker and id while somebody stands in it, and a new one after", () => {
    const maker = () => {};
    const line = lineOfSession(maker, "__proto__");
    expect(lineOfSession(maker, "__proto__")).toBe(line);
    expect(lineOfSession(maker, "constructor")).not.toBe(line);
    expect(lineOfSession(() => {}, "__proto__")).not.toBe(line);
    line.stand(visitor(), () => {})();
    expect(lineOfSession(maker, "__proto__")).not.toBe(line);
  });

  it("is one for the same history, likewise", () => {
    const history = {};
    const line = lineOfHistory(history);
    expect(lineOfHistory(history)).toBe(line);
    expect(lineOfHistory({})).not.toBe(line);
    line.stand(visitor(), () => {})();
    expect(lineOfHistory(history)).not.toBe(line);
  });
});
