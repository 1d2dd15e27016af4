import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { RunnableBranch } from "../../../src/runnables/branch.ts";
import { Graph } from "../../../src/runnables/graph/graph.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { RunnablePassthrough } from "../../../src/runnables/passthrough.ts";
import type { Runnable } from "../../../src/runnables/runnable.ts";
import { widthOf } from "../../../src/terminal/line-text.ts";
import "../../../src/runnables/wiring.ts";
import "../../../src/runnables/graph/wiring.ts";
import { graphOf } from "./graphs.ts";
import { tracePicture } from "./trace-picture.ts";

const lambda = (name: string) => RunnableLambda.from((x: unknown) => x, { name });
const [load, split, count, write] = [lambda("load"), lambda("split"), lambda("count"), lambda("write")];

/** A graph of runnables, whose boxes are square. */
function squareOf(nodes: string, edges: string): Graph {
  const graph = graphOf(nodes, edges);
  for (const node of Object.values(graph.nodes)) node.data = load;
  return graph;
}

const isLong = RunnableBranch.from([
  [RunnableLambda.from(() => true, { name: "is long" }), split.pipe(count)],
  [() => false, count],
  write,
]);

describe("the picture of a graph", () => {
  test("is a column for a chain", () => {
    expect(load.pipe(split).getGraph().drawAscii()).toMatchInlineSnapshot(`
      " ╭───────────╮
       │ loadInput │
       ╰─────┬─────╯
             ▼
          ┌──────┐
          │ load │
          └──┬───┘
             ▼
         ┌───────┐
         │ split │
         └───┬───┘
             ▼
      ╭─────────────╮
      │ splitOutput │
      ╰─────────────╯"
    `);
  });

  test("has what runs side by side side by side, by its keys", () => {
    const map = RunnableMap.from({ words: split.pipe(count), all: new RunnablePassthrough() });
    expect(load.pipe(map).pipe(write).getGraph().drawAscii()).toMatchInlineSnapshot(`
      "       ╭───────────╮
             │ loadInput │
             ╰─────┬─────╯
                   ▼
                ┌──────┐
                │ load │
                └──┬───┘
                   ▼
                ┌─────┐
                │ Map │
                └──┬──┘
          ╭────────┴───────╮
          │ words          │ all
          ▼                ▼
      ┌───────┐     ┌─────────────┐
      │ split │     │ Passthrough │
      └───┬───┘     └──────┬──────┘
          ▼                │
      ┌───────┐            │
      │ count │            │
      └───┬───┘            │
          ╰────────┬───────╯
                   ▼
               ┌───────┐
               │ write │
               └───┬───┘
                   ▼
            ╭─────────────╮
            │ writeOutput │
            ╰─────────────╯"
    `);
  });

  test("has dotted lines to what is only sometimes run, and what they depend on", () => {
    expect(isLong.pipe(write).getGraph().drawAscii()).toMatchInlineSnapshot(`
      "         ╭─────────────────────╮
               │ RunnableBranchInput │
               ╰──────────┬──────────╯
                          ▼
                      ┌────────┐
                      │ Branch │
                      └───┬────┘
          ╭┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╮
          ┊ is long       ┊ condition 2       ┊ default
          ▼               ▼                   ▼
      ┌───────┐       ┌───────┐           ┌───────┐
      │ split │       │ count │           │ write │
      └───┬───┘       └───┬───┘           └───┬───┘
          ▼               │                   │
      ┌───────┐           │                   │
      │ count │           │                   │
      └───┬───┘           │                   │
          ╰───────────────┼───────────────────╯
                          ▼
                      ┌───────┐
                      │ write │
                      └───┬───┘
                          ▼
                   ╭─────────────╮
                   │ writeOutput │
                   ╰─────────────╯"
    `);
  });

  test("has a line for what goes on beside what is made of it", () => {
    const assign = RunnablePassthrough.assign({
      n: count,
      parts: RunnableMap.from({ x: split, y: split.pipe(count) }),
    });
    expect(assign.pipe(write).getGraph().drawAscii()).toMatchInlineSnapshot(`
      "       ╭─────────────────────╮
             │ RunnableAssignInput │
             ╰──────────┬──────────╯
                        ▼
                    ┌────────┐
                    │ Assign │
                    └───┬────┘
          ╭─────────────┼─────────────╮
          │ n           │ parts       │
          ▼             ▼             │
      ┌───────┐      ┌─────┐          │
      │ count │      │ Map │          │
      └───┬───┘      └──┬──┘          │
          │       ╭─────┴─────╮       │
          │       │ x         │ y     │
          │       ▼           ▼       │
          │   ┌───────┐   ┌───────┐   │
          │   │ split │   │ split │   │
          │   └───┬───┘   └───┬───┘   │
          │       │           ▼       │
          │       │       ┌───────┐   │
          │       │       │ count │   │
          │       │       └───┬───┘   │
          ╰───────┴─────┬─────┴───────╯
                        ▼
                    ┌───────┐
                    │ write │
                    └───┬───┘
                        ▼
                 ╭─────────────╮
                 │ writeOutput │
                 ╰─────────────╯"
    `);
  });

  test("has solid and dotted lines on one bus for fallbacks, and titles for what belongs together", () => {
    const safe = load.withFallbacks([split.withRetry({ stopAfterAttempt: 2 })]).pipe(count.map());
    expect(safe.getGraph().drawAscii()).toMatchInlineSnapshot(`
      "╭────────────────────────────╮
      │ RunnableWithFallbacksInput │
      ╰─────────────┬──────────────╯
                    ▼
            ┌───────────────┐
            │ WithFallbacks │
            └───────┬───────┘
           ╭────────┴┄┄┄┄┄┄┄┄╮
           │                 ┊ on error
           ▼                 ▼
        ┌──────┐   ┌─ up to 2 attempts ─┐
        │ load │   │ split              │
        └──┬───┘   └─────────┬──────────┘
           ╰────────┬────────╯
                    ▼
                ┌─ each ─┐
                │ count  │
                └───┬────┘
                    ▼
          ╭────────────────────╮
          │ RunnableEachOutput │
          ╰────────────────────╯"
    `);
  });

  test("shows what is below a name, and edges from a node to itself", () => {
    const graph = squareOf("a b", "a>b a>a/again_and_again a.>a");
    Object.assign(graph.nodes.b as object, { metadata: { cost: 3, of: "model" } });
    expect(graph.drawAscii()).toMatchInlineSnapshot(`
      "┌───────────────────┐
      │ a                 │
      │ ↺ again and again │
      │ ↺                 │
      └─────────┬─────────┘
                ▼
          ┌────────────┐
          │ b          │
          │ cost = 3   │
          │ of = model │
          └────────────┘"
    `);
  });

  test("has arrows upwards for what goes back", () => {
    const graph = squareOf("start agent tools end", "start>agent agent.>tools/call tools>agent agent.>end/done");
    expect(graph.drawAscii()).toMatchInlineSnapshot(`
      "┌───────┐
      │ start │
      └───┬───┘
          ▼
      ┌───────┐
      │ agent │
      └───┬─┬─┘
          ┊ ▲
          ├┄│┄┄┄┄┄┄┄┄┄╮
          ┊ call      ┊ done
          ▼ │         ▼
      ┌───────┐    ┌─────┐
      │ tools │    │ end │
      └───────┘    └─────┘"
    `);
  });

  test("has upwards lines that go past other nodes", () => {
    expect(squareOf("a b c d", "a>b b>c c>d c>a/again d>b").drawAscii()).toMatchInlineSnapshot(`
      "    ┌─────┐
          │  a  │
          └──┬─┬┘
             │ ▲
         ╭───╯ ╰╮
         │      │ again
         ▼      │
      ┌─────┐   │
      │  b  │   │
      └──┬─┬┘   │
         │ ▲    │
         ╰─│───╮╰╮
        ╭──╯   │ │
        │      ▼ │
        │   ┌─────┐
        │   │  c  │
        │   └──┬──┘
        │   ╭──╯
        ╰───│─╮
            ▼ │
         ┌─────┐
         │  d  │
         └─────┘"
    `);
  });

  test("has one line for those that all go to the same nodes", () => {
    expect(squareOf("a b x y z", "a>x a>y a>z b>x b>y b>z").drawAscii()).toMatchInlineSnapshot(`
      "     ┌─────┐   ┌─────┐
           │  a  │   │  b  │
           └──┬──┘   └──┬──┘
         ╭────┴────┬────┴────╮
         ▼         ▼         ▼
      ┌─────┐   ┌─────┐   ┌─────┐
      │  x  │   │  y  │   │  z  │
      └─────┘   └─────┘   └─────┘"
    `);
  });

  test("has lines that cross each other where they must", () => {
    expect(squareOf("a b c x y z", "a>x a>y b>x b>z c>y c>z").drawAscii()).toMatchInlineSnapshot(`
      "┌─────┐   ┌─────┐   ┌─────┐
      │  a  │   │  b  │   │  c  │
      └──┬──┘   └──┬──┘   └──┬──┘
         ╰┬────────│╮        │
          ├────────┴│────────│╮
          │         ├────────┴┤
          ▼         ▼         ▼
       ┌─────┐   ┌─────┐   ┌─────┐
       │  x  │   │  y  │   │  z  │
       └─────┘   └─────┘   └─────┘"
    `);
  });

  test("shows that a line is dotted, however short it is", () => {
    expect(squareOf("a b", "a.>b").drawAscii().split("\n").slice(3, 5)).toEqual(["   ┊", "   ▼"]);
  });

  test("is solid where a solid line and a dotted one are one, whichever is drawn first", () => {
    expect(squareOf("a b c d e", "a>b a>c a>d a.>e").drawAscii()).toMatchInlineSnapshot(`
      "               ┌─────┐
                     │  a  │
                     └──┬──┘
         ╭─────────┬────┴────┬┄┄┄┄┄┄┄┄┄╮
         │         │         │         ┊
         ▼         ▼         ▼         ▼
      ┌─────┐   ┌─────┐   ┌─────┐   ┌─────┐
      │  b  │   │  c  │   │  d  │   │  e  │
      └─────┘   └─────┘   └─────┘   └─────┘"
    `);
    expect(squareOf("a b c d e", "a>b a>c a.>d a>e").drawAscii()).toMatchInlineSnapshot(`
      "               ┌─────┐
                     │  a  │
                     └──┬──┘
         ╭─────────┬────┴────┬─────────╮
         │         │         ┊         │
         ▼         ▼         ▼         ▼
      ┌─────┐   ┌─────┐   ┌─────┐   ┌─────┐
      │  b  │   │  c  │   │  d  │   │  e  │
      └─────┘   └─────┘   └─────┘   └─────┘"
    `);
  });

  test("has labels beside the one line that is theirs, and together where there is none", () => {
    const graph = squareOf("a b c x y", "a>x/from_a b>x/from_b c>x/to_x c>y/to_y a>y/a_too b>y/b_too");
    expect(squareOf("a b x", "a>x/from_a b>x/from_b").drawAscii()).toMatchInlineSnapshot(`
      "┌─────┐       ┌─────┐
      │  a  │       │  b  │
      └──┬──┘       └──┬──┘
         │ from a      │ from b
         ╰──────┬──────╯
                ▼
             ┌─────┐
             │  x  │
             └─────┘"
    `);
    expect(graph.drawAscii()).toMatchInlineSnapshot(`
      "    ┌─────┐   ┌─────┐   ┌─────┐
          │  a  │   │  b  │   │  c  │
          └──┬──┘   └──┬──┘   └──┬──┘
         ╭───┴─────────┴─────────┴───╮
         │ from a, from b, to x      │ to y, a too, b too
         ▼                           ▼
      ┌─────┐                     ┌─────┐
      │  x  │                     │  y  │
      └─────┘                     └─────┘"
    `);
    expect(squareOf("a b", "a>b/one a.>b/two a>b/one a>b").drawAscii()).toMatchInlineSnapshot(`
      "┌─────┐
      │  a  │
      └──┬──┘
         │ one, two
         ▼
      ┌─────┐
      │  b  │
      └─────┘"
    `);
  });

  test("measures wide characters, and cuts long names", () => {
    const graph = new Graph();
    const [a, b] = [lambda("한국어 모델"), lambda("x".repeat(60))].map((data) => graph.addNode(data)) as [never, never];
    graph.addEdge(a, b, "🐦 é");
    expect(graph.drawAscii()).toMatchInlineSnapshot(`
      "              ┌─────────────┐
                    │ 한국어 모델 │
                    └──────┬──────┘
                           │ 🐦 é
                           ▼
      ┌──────────────────────────────────────────┐
      │ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… │
      └──────────────────────────────────────────┘"
    `);
  });

  test("puts a mark over the character before it", () => {
    const graph = new Graph();
    graph.addNode(lambda("e\u0301te\u0301"));
    graph.addNode(lambda("\u0301a"));
    expect(graph.drawAscii().split("\n")[1]).toBe("│ e\u0301te\u0301 │   │  a  │");
  });

  test("writes out what would not show", () => {
    const graph = new Graph();
    graph.addNode(lambda("a\u001b[31m\n\u202eb"));
    expect(graph.drawAscii()).toMatchInlineSnapshot(`
      "┌───────────────────────┐
      │ a\\u{1b}[31m \\u{202e}b │
      └───────────────────────┘"
    `);
  });

  test("is of ASCII alone where that is asked for", () => {
    const text = isLong.pipe(load.map()).getGraph().drawAscii({ charset: "ascii" });
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).toMatchInlineSnapshot(`
      "         .---------------------.
               | RunnableBranchInput |
               .----------+----------.
                          v
                      +--------+
                      | Branch |
                      +---+----+
          +...............+...................+
          : is long       : condition 2       : default
          v               v                   v
      +-------+       +-------+           +-------+
      | split |       | count |           | write |
      +---+---+       +---+---+           +---+---+
          v               |                   |
      +-------+           |                   |
      | count |           |                   |
      +---+---+           |                   |
          +---------------+-------------------+
                          v
                      +- each -+
                      | load   |
                      +---+----+
                          v
                .--------------------.
                | RunnableEachOutput |
                .--------------------."
    `);
    expect(squareOf("a b", "a>b b>a a>a").drawAscii({ charset: "ascii" })).toMatchInlineSnapshot(`
      "+-----+
      | a   |
      | @   |
      +--+-++
         | ^
         v |
      +-----+
      |  b  |
      +-----+"
    `);
  });

  test("is empty for an empty graph", () => {
    expect(new Graph().drawAscii()).toBe("");
  });
});

describe("a graph that is too large for a picture", () => {
  test("is a list", () => {
    const graph = isLong.pipe(load.map()).getGraph();
    Object.assign(Object.values(graph.nodes)[2] as object, { metadata: { cost: 3 } });
    expect(graph.drawAscii({ maxWidth: 30 })).toMatchInlineSnapshot(`
      "RunnableBranchInput
        → Branch
      Branch
        ⇢ split (is long)
        ⇢ count_2 (condition 2)
        ⇢ write (default)
      split  cost = 3
        → count_1
      count_1
        → each / load
      count_2
        → each / load
      write
        → each / load
      each / load
        → RunnableEachOutput
      RunnableEachOutput"
    `);
    expect(graph.drawAscii({ maxWidth: 30, charset: "ascii" })).toMatch(/^[ -~\n]*$/);
  });

  test("is a list also where it has too many nodes, or edges", () => {
    const graph = new Graph();
    const nodes = Array.from({ length: 151 }, () => graph.addNode(load));
    expect(graph.drawAscii()).toContain("load_150\nload_151");
    graph.removeNode(nodes[0] as never);
    expect(graph.drawAscii({ maxWidth: Number.POSITIVE_INFINITY })).toContain("┌──────┐");
    const many = squareOf("a b", Array(301).fill("a>b").join(" "));
    expect(many.drawAscii().split("\n")).toHaveLength(303);
    many.edges.pop();
    expect(many.drawAscii()).toContain("▼");
  });

  it("refuses options that mean nothing", () => {
    const graph = squareOf("a", "");
    expect(() => graph.drawAscii({ maxWidth: Number.NaN })).toThrow("Expected maxWidth to be a number");
    for (const charset of ["latin", "toString"]) {
      expect(() => graph.drawAscii({ charset: charset as never })).toThrow(`got 120 and "${charset}"`);
    }
  });
});

/** Runnables of all forms, each step with a name of its own. */
const runnables = fc
  .letrec<{ any: (name: () => string) => Runnable<never, unknown> }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constant((name: () => string) => lambda(name())),
      fc.tuple(tie("any"), tie("any")).map(
        ([one, two]) =>
          (name: () => string) =>
            one(name).pipe(two(name) as never),
      ),
      fc.array(tie("any"), { maxLength: 4 }).map((makes) => (name: () => string) => {
        return named(RunnableMap.from(Object.fromEntries(makes.map((make, at) => [`k${at}`, make(name)]))), name);
      }),
      fc.array(tie("any"), { maxLength: 3 }).map((makes) => (name: () => string) => {
        const mapping = Object.fromEntries(makes.map((make, at) => [`k${at}`, make(name)]));
        return named(RunnablePassthrough.assign(mapping as never), name);
      }),
      fc.tuple(tie("any"), tie("any"), tie("any")).map(([one, two, three]) => (name: () => string) => {
        return named(RunnableBranch.from([[() => true, one(name)], [() => true, two(name)], three(name)]), name);
      }),
      fc.tuple(tie("any"), tie("any")).map(([one, two]) => (name: () => string) => {
        return named(one(name).withFallbacks([two(name) as never]), name);
      }),
      tie("any").map((make) => (name: () => string) => make(name).map() as Runnable<never, unknown>),
    ),
  }))
  .any.map((make) => {
    let count = 0;
    return make(() => `n${count++}`);
  });

function named(runnable: Runnable<never, unknown>, name: () => string): Runnable<never, unknown> {
  runnable.name = name();
  return runnable;
}

function edgesByName({ nodes, edges }: Graph): string[] {
  const name = (id: string): string => (nodes[id] as { name: string }).name;
  return [...new Set(edges.map(({ source, target }) => `${name(source)}>${name(target)}`))].sort();
}

describe("whatever the graph is", () => {
  test("its picture shows the edges of a runnable, and no others", () => {
    fc.assert(
      fc.property(runnables, (runnable) => {
        const graph = runnable.getGraph();
        // What goes in and comes out has round boxes, which would be lines to the reader.
        for (const end of [graph.firstNode(), graph.lastNode()]) if (end !== undefined) end.data = load;
        fc.pre(Object.keys(graph.nodes).length <= 60);
        const picture = graph.drawAscii({ maxWidth: Number.POSITIVE_INFINITY });
        expect(tracePicture(picture)).toEqual(edgesByName(graph));
      }),
      { numRuns: 200 },
    );
  });

  const nodes = fc.integer({ min: 1, max: 9 });
  const edges = fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 14 });
  const graphs = fc.tuple(nodes, edges).map(([count, ends]) => {
    const ids = Array.from({ length: count }, (_, index) => `n${index}`);
    const between = ends.filter(([from, to]) => from < count && to < count).map(([from, to]) => `n${from}>n${to}`);
    return squareOf(ids.join(" "), between.join(" "));
  });

  test("its picture shows every edge, and every name once; or it is a list", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { edges: all } = graph;
        graph.edges = all.filter(({ source, target }) => source < target);
        const picture = graph.drawAscii({ maxWidth: Number.POSITIVE_INFINITY });
        for (const id of Object.keys(graph.nodes)) expect(picture.split(new RegExp(`\\b${id}\\b`))).toHaveLength(2);
        expect(tracePicture(picture)).toEqual(expect.arrayContaining(edgesByName(graph)));
        graph.edges = all;
        expect(graph.drawAscii()).toBe(graph.drawAscii());
      }),
      { numRuns: 300 },
    );
  });

  test("no line is wider than it may be", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 60 }), fc.string({ unit: "binary" }), (graph, maxWidth, text) => {
        for (const node of Object.values(graph.nodes)) node.name = text;
        const [edge] = graph.edges;
        if (edge !== undefined) edge.data = text;
        for (const line of graph.drawAscii({ maxWidth }).split("\n"))
          expect(widthOf(line)).toBeLessThanOrEqual(maxWidth);
      }),
    );
  });
});
