import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Branch, RunOrder } from "../../../src/callbacks/tracers/console-order.ts";

/** An order of runs that are known by names, and what it showed: `(a` opens, `a)` closes, `a` is a whole one. */
function open() {
  const shown: string[] = [];
  const order = new RunOrder<string>({
    opened: (run, isAside) => shown.push(`${isAside ? "~" : ""}(${run}`),
    closed: (run, isAside) => shown.push(`${isAside ? "~" : ""}${run})`),
    whole: (run, isAside) => shown.push(`${isAside ? "~" : ""}${run}`),
  });
  const take = (): string => shown.splice(0).join(" ");
  return { order, take };
}

describe("RunOrder", () => {
  it("shows a run that has nothing below it once it is over", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    expect(take()).toBe("");
    order.end(root);
    expect(take()).toBe("root");
    expect(order.unshown).toBeUndefined();
  });

  it("shows a run as soon as another starts below it", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    const first = order.start("first", root);
    expect(take()).toBe("(root");
    order.end(first);
    expect(take()).toBe("first");
    order.end(root);
    expect(take()).toBe("root)");
  });

  it("shows a run that takes its time, when it is told to", () => {
    const { order, take } = open();
    order.reveal();
    const root = order.start("root", undefined);
    expect(order.unshown).toBe(root);
    order.reveal();
    order.reveal();
    expect(take()).toBe("(root");
    expect(order.unshown).toBeUndefined();
    order.end(root);
    expect(take()).toBe("root)");
  });

  it("holds a run back until those before it are over", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    const [a, b, c] = ["a", "b", "c"].map((name) => order.start(name, root)) as [Branch<string>, ...Branch<string>[]];
    const below = order.start("below b", b);
    expect(order.unshown).toBe(a);
    order.end(c as Branch<string>);
    order.end(below);
    expect(take()).toBe("(root");
    order.end(a);
    expect(take()).toBe("a (b below b");
    order.end(b as Branch<string>);
    expect(take()).toBe("b) c");
    order.end(root);
    expect(take()).toBe("root)");
  });

  it("takes runs below one that had none left", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    for (const name of ["a", "b", "c"]) order.end(order.start(name, root));
    order.end(root);
    expect(take()).toBe("(root a b c root)");
  });

  it("shows what is over from its start", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    order.start("note", root, true);
    expect(take()).toBe("(root note");
  });

  it("shows what is still open below a run that ends", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    const child = order.start("child", root);
    const deep = order.start("deep", child);
    order.start("deep held", child);
    order.start("held", root);
    order.end(root);
    expect(take()).toBe("(root (child deep deep held child) held root)");
    expect(deep.isOver).toBe(true);
    order.end(order.start("next", undefined));
    expect(take()).toBe("next");
  });

  it("shows what is still open below a run in the middle that ends", () => {
    const { order, take } = open();
    const root = order.start("root", undefined);
    const child = order.start("child", root);
    const other = order.start("other", root);
    order.start("deep", child);
    order.end(other);
    order.end(child);
    expect(take()).toBe("(root (child deep child) other");
    order.end(root);
    expect(take()).toBe("root)");
  });

  it("shows a second root whole, as an aside, where it ends before the first", () => {
    const { order, take } = open();
    const first = order.start("first", undefined);
    const below = order.start("below first", first);
    const second = order.start("second", undefined);
    order.end(order.start("below second", second));
    expect(take()).toBe("(first");
    order.end(second);
    expect(take()).toBe("~(second ~below second ~second)");
    order.end(below);
    order.end(first);
    expect(take()).toBe("below first first)");
  });

  it("shows no aside beside a root of which nothing is shown", () => {
    const { order, take } = open();
    const first = order.start("first", undefined);
    order.end(order.start("second", undefined));
    order.end(first);
    expect(take()).toBe("second first");
  });

  it("goes on with the oldest root when one is over", () => {
    const { order, take } = open();
    const first = order.start("first", undefined);
    const second = order.start("second", undefined);
    const third = order.start("third", undefined);
    const below = order.start("below second", second);
    order.end(third);
    order.end(first);
    expect(take()).toBe("third first (second");
    expect(order.unshown).toBe(below);
    order.end(below);
    order.end(second);
    expect(take()).toBe("below second second)");
  });

  it("keeps nothing of what was shown", () => {
    const { order } = open();
    const root = order.start("root", undefined);
    const names: Branch<string>[] = [];
    for (let round = 0; round < 100; round += 1) {
      const child = order.start("child", root);
      order.end(child);
      names.push(child);
    }
    expect(root.held).toBeUndefined();
    expect(names.every((branch) => branch.next === undefined && branch.held === undefined)).toBe(true);
  });

  it("takes as many steps as there are runs, however they overlap", () => {
    const { order, take } = open();
    const roots = Array.from({ length: 20_000 }, (_, index) => order.start(`${index}`, undefined));
    const before = performance.now();
    for (const root of roots) order.end(root);
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(take().split(" ")).toHaveLength(20_000);
  });

  it("goes as deep as runs do", () => {
    const { order, take } = open();
    let branch = order.start("0", undefined);
    for (let depth = 1; depth < 20_000; depth += 1) branch = order.start(`${depth}`, branch);
    for (let above: typeof branch | undefined = branch; above !== undefined; above = above.above) order.end(above);
    expect(take().split(" ")).toHaveLength(39_999);
  });

  /** Random lives of runs: each step starts one, somewhere, ends one that has nothing open below it, or waits. */
  const steps = fc.array(
    fc.record({ kind: fc.constantFrom("root", "child", "child", "end", "end", "wait"), pick: fc.nat() }),
    {
      maxLength: 60,
    },
  );

  it("shows each root as a well-formed tree, in the order of starts, whatever goes on side by side", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { order, take } = open();
        const live: { name: string; branch: Branch<string>; below: number; above: number | undefined }[] = [];
        const isOpen: number[] = [];
        let text = "";
        const finish = (id: number): void => {
          const run = live[id] as (typeof live)[number];
          isOpen.splice(isOpen.indexOf(id), 1);
          if (run.above !== undefined) (live[run.above] as typeof run).below -= 1;
          order.end(run.branch);
        };
        for (const { kind, pick } of all) {
          const above = kind === "child" && isOpen.length > 0 ? isOpen[pick % isOpen.length] : undefined;
          const leaves = isOpen.filter((id) => live[id]?.below === 0);
          if (kind === "wait") order.reveal();
          else if (kind !== "end") {
            const parent = above === undefined ? undefined : live[above];
            if (parent !== undefined) parent.below += 1;
            const branch = order.start(`${live.length}`, parent?.branch);
            isOpen.push(live.push({ name: `${live.length}`, branch, below: 0, above }) - 1);
          } else if (leaves.length > 0) finish(leaves[pick % leaves.length] as number);
          text += ` ${take()}`;
        }
        for (let id = live.length - 1; id >= 0; id -= 1) if (isOpen.includes(id)) finish(id);
        text += ` ${take()}`;
        const words = text.split(" ").filter((word) => word !== "");
        const asides = words.filter((word) => word.startsWith("~")).map((word) => word.slice(1));
        const main = words.filter((word) => !word.startsWith("~"));
        expect([...treesOf(asides), ...treesOf(main)].sort()).toEqual(treesOf(expected(live)).sort());
      }),
    );
  });

  /** What is shown of runs that go on one after the other. */
  function expected(live: readonly { name: string; above: number | undefined }[]): string[] {
    const walk = (id: number): string[] => {
      const below = live.flatMap((run, index) => (run.above === id ? [index] : []));
      return below.length === 0 ? [`${id}`] : [`(${id}`, ...below.flatMap(walk), `${id})`];
    };
    return live.flatMap((run, index) => (run.above === undefined ? walk(index) : []));
  }

  /** The trees in what was shown, each as one text; a run that was shown early, and then had none below it, as a whole one. */
  function treesOf(words: readonly string[]): string[] {
    const trees: string[] = [];
    const path: string[] = [];
    let tree: string[] = [];
    for (const word of words) {
      if (word.startsWith("(")) path.push(word.slice(1));
      else if (word.endsWith(")")) expect(path.pop()).toBe(word.slice(0, -1));
      tree.push(word);
      if (path.length > 0) continue;
      trees.push(tree.join(" ").replaceAll(/\((\d+) \1\)/g, "$1"));
      tree = [];
    }
    expect(path).toEqual([]);
    return trees;
  }
});
