import { describe, expect, it, test, vi } from "vitest";
import { ChatPromptTemplate } from "../../../src/prompts/chat-prompt-template.ts";
import { RunnableAssign } from "../../../src/runnables/assign.ts";
import { RunnableBinding } from "../../../src/runnables/binding.ts";
import { RunnableBranch } from "../../../src/runnables/branch.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableGenerator } from "../../../src/runnables/generator.ts";
import { Graph } from "../../../src/runnables/graph/graph.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { RunnablePassthrough } from "../../../src/runnables/passthrough.ts";
import { RunnablePick } from "../../../src/runnables/pick.ts";
import { RouterRunnable } from "../../../src/runnables/router.ts";
import { Runnable } from "../../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../../src/runnables/sequence.ts";
import "../../../src/runnables/wiring.ts";
import "../../../src/runnables/configurable/wiring.ts";
import "../../../src/runnables/graph/wiring.ts";
import { edgesOf, graphOf } from "./graphs.ts";

const lambda = (name: string) => RunnableLambda.from((x: unknown) => x, { name });
const [a, b, c] = [lambda("a"), lambda("b"), lambda("c")];

/** A runnable with a graph of its own. */
class Own extends Runnable<unknown, unknown> {
  override name = "own";
  readonly seen: unknown[] = [];
  readonly #make: (self: Own) => Graph;

  constructor(make: (self: Own) => Graph) {
    super();
    this.#make = make;
  }

  override "~call"(input: unknown): unknown {
    return input;
  }

  override getGraph(config?: RunnableConfig): Graph {
    this.seen.push(config);
    return this.#make(this);
  }
}

describe("the graph of a runnable", () => {
  it("calls a condition that is no function by its name", () => {
    const branch = RunnableBranch.from([[new Plain() as never, a], b]);
    expect(edgesOf(branch.getGraph())).toContain("Branch .> a: Plain");
  });

  test.each<[string, Runnable<never, unknown>, string[]]>([
    ["a lambda", a, ["aInput > a", "a > aOutput"]],
    [
      "a lambda by its function",
      RunnableLambda.from(function shout() {}),
      ["RunnableLambdaInput > shout", "shout > RunnableLambdaOutput"],
    ],
    [
      "a lambda without a name",
      RunnableLambda.from(() => 1),
      ["RunnableLambdaInput > Lambda", "Lambda > RunnableLambdaOutput"],
    ],
    ["a generator", RunnableGenerator.from(async function* words() {}), ["wordsInput > words", "words > wordsOutput"]],
    [
      "a passthrough",
      new RunnablePassthrough(),
      ["RunnablePassthroughInput > Passthrough", "Passthrough > RunnablePassthroughOutput"],
    ],
    [
      "a prompt",
      ChatPromptTemplate.fromMessages([["human", "{x}"]]),
      ["ChatPromptTemplateInput > ChatPromptTemplate", "ChatPromptTemplate > ChatPromptTemplateOutput"],
    ],
    ["a sequence", a.pipe(b).pipe(c), ["aInput > a", "a > b", "b > c", "c > cOutput"]],
    ["the same step twice", a.pipe(a), ["aInput > a", "a > a", "a > aOutput"]],
    [
      "a map",
      RunnableMap.from({ x: a, y: b.pipe(c) }),
      ["RunnableMapInput > Map", "Map > a: x", "Map > b: y", "a > RunnableMapOutput", "b > c", "c > RunnableMapOutput"],
    ],
    ["a map of nothing", RunnableMap.from({}), ["RunnableMapInput > Map", "Map > RunnableMapOutput"]],
    [
      "maps in maps",
      RunnableMap.from({ x: RunnableMap.from({ y: a, z: b }), w: c }).pipe(a),
      [
        "RunnableMapInput > Map",
        "Map > Map: x",
        "Map > c: w",
        "Map > a: y",
        "Map > b: z",
        "a > a",
        "b > a",
        "c > a",
        "a > aOutput",
      ],
    ],
    [
      "an assign, whose input goes on",
      RunnablePassthrough.assign({ x: a }).pipe(b),
      ["RunnableAssignInput > Assign", "Assign > a: x", "Assign > b", "a > b", "b > bOutput"],
    ],
    [
      "an assign of nothing",
      RunnablePassthrough.assign({}).pipe(a),
      ["RunnableAssignInput > Assign", "Assign > a", "a > aOutput"],
    ],
    [
      "an assign of another mapper",
      new RunnableAssign(a as never).pipe(b),
      ["RunnableAssignInput > Assign", "Assign > a", "Assign > b", "a > b", "b > bOutput"],
    ],
    [
      "a branch, by its conditions",
      RunnableBranch.from([
        [
          RunnableLambda.from(function isLong() {
            return true;
          }),
          a,
        ],
        [() => true, b],
        [lambda("named") as never, a],
        c,
      ]),
      [
        "RunnableBranchInput > Branch",
        ...["Branch .> a: isLong", "Branch .> b: condition 2", "Branch .> a: named", "Branch .> c: default"],
        ...["a", "b", "a", "c"].map((end) => `${end} > RunnableBranchOutput`),
      ],
    ],
    [
      "a router, by its keys",
      new RouterRunnable({ runnables: { x: a, __proto__: b, "y z": c } }),
      [
        "RouterRunnableInput > RouterRunnable",
        ...["RouterRunnable .> a: x", "RouterRunnable .> c: y z"],
        ...["a > RouterRunnableOutput", "c > RouterRunnableOutput"],
      ],
    ],
    [
      "fallbacks",
      a.pipe(b.withFallbacks([c, a])),
      [
        ...["aInput > a", "a > WithFallbacks", "WithFallbacks > b", "WithFallbacks .> c: on error"],
        ...["WithFallbacks .> a: on error", "b > RunnableWithFallbacksOutput", "c > RunnableWithFallbacksOutput"],
        "a > RunnableWithFallbacksOutput",
      ],
    ],
    ["a list", a.map(), ["RunnableEachInput > a", "a > RunnableEachOutput"]],
    ["a retry", a.pipe(b).withRetry(), ["RunnableSequenceInput > a", "a > b", "b > RunnableSequenceOutput"]],
    ["a binding", a.bind({}), ["aInput > a", "a > aOutput"]],
    ["a binding with a name", a.withConfig({ runName: "x" }), ["xInput > x", "x > xOutput"]],
    [
      "bindings with names, of which the outer one counts",
      new RunnableBinding({ bound: a.withConfig({ runName: "x" }), config: { runName: "y" } }),
      ["yInput > y", "y > yOutput"],
    ],
    ["what has fields that are chosen", a.configurableFields({ name: { id: "n" } }), ["aInput > a", "a > aOutput"]],
    ["a class of its own", new Plain(), ["PlainInput > Plain", "Plain > PlainOutput"]],
  ])("of %s", (_of, runnable, edges) => {
    expect(edgesOf(runnable.getGraph())).toEqual(edges);
  });

  it("has for data the runnables themselves, and schemas at its ends", () => {
    const chain = a.pipe(b);
    const { nodes } = chain.getGraph();
    expect(Object.values(nodes).map(({ data }) => data)).toEqual([
      { name: "aInput", schema: { $schema: "http://json-schema.org/draft-07/schema#" } },
      a,
      b,
      { name: "bOutput", schema: { $schema: "http://json-schema.org/draft-07/schema#" } },
    ]);
    expect(Object.values(nodes)[1]?.data).toBe(a);
  });

  it("is made anew each time", () => {
    expect(a.getGraph()).not.toBe(a.getGraph());
    expect(Object.keys(a.getGraph().nodes)).not.toEqual(Object.keys(a.getGraph().nodes));
  });

  it("says which keys are picked", () => {
    const { nodes } = RunnableSequence.from([a, new RunnablePick(["x", "y"]), new RunnablePick("z")]).getGraph();
    expect(Object.values(nodes).flatMap((node) => node.metadata ?? [])).toEqual([{ keys: "x, y" }, { keys: "z" }]);
  });

  it("has edges in the order of the nodes, from the first to the last", () => {
    const { nodes, edges } = RunnableMap.from({ x: a.pipe(b), y: c })
      .pipe(a)
      .getGraph();
    const places = edges.map(({ source }) => Object.keys(nodes).indexOf(source));
    expect(places).toEqual([...places].sort());
  });

  it("is that of the choice that the config makes", () => {
    const chosen = a.configurableAlternatives({ id: "which" }, { alternatives: { two: b.pipe(c) } });
    const edges = (which?: string) => edgesOf(chosen.pipe(a).getGraph(which ? { configurable: { which } } : undefined));
    expect(edges()).toEqual(["aInput > a", "a > a", "a > aOutput"]);
    expect(edges("two")).toEqual(["bInput > b", "b > c", "c > a", "a > aOutput"]);
    expect(() => edges("three")).toThrow("to be one of default, two");
  });
});

class Plain extends Runnable<unknown, unknown> {
  override "~call"(input: unknown): unknown {
    return input;
  }
}

describe("what belongs together", () => {
  const groups = (runnable: Runnable<never, unknown>): string[] =>
    Object.keys(runnable.getGraph().reid().nodes).filter((id) => id.includes(":"));

  test.each<[string, Runnable<never, unknown>, string[]]>([
    ["a list", a.pipe(b).map().pipe(c), ["each:a", "each:b"]],
    ["what is retried", a.withRetry(), ["up to 3 attempts:a"]],
    ["what is tried once", a.withRetry({ stopAfterAttempt: 1 }), ["up to 1 attempt:a"]],
    ["what is retried for ever", a.withRetry({ stopAfterAttempt: Number.POSITIVE_INFINITY }), ["retry:a"]],
    ["lists in lists", a.map().map(), ["each:each:a"]],
    ["two lists", a.map().pipe(a.map()), ["each:a", "each#2:a"]],
    ["a named sequence in another", c.pipe(RunnableSequence.from([a, b], "in:ner")), ["in_ner:a", "in_ner:b"]],
    ["a named sequence itself", RunnableSequence.from([a, b], "outer"), []],
    ["a sequence that a config names", c.pipe(a.pipe(b).withConfig({ runName: "x" })), ["x:a", "x:b"]],
    ["one that a config names, retried", a.withConfig({ runName: "x" }).withRetry(), ["up to 3 attempts:x"]],
    ["one that a config of its retries names", a.withRetry().withConfig({ runName: "x" }), ["up to 3 attempts:x"]],
  ])("is a subgraph: %s", (_of, runnable, ids) => {
    expect(groups(runnable)).toEqual(ids);
  });

  it("is a subgraph by the name of what wraps it, where a class says that it wraps something", () => {
    class RunnableKeeper extends Plain {
      readonly "~wraps" = a.pipe(b);
    }
    expect(groups(new RunnableKeeper().pipe(c))).toEqual(["Keeper:a", "Keeper:b"]);
    expect(edgesOf(new RunnableKeeper().getGraph()).at(0)).toBe("aInput > a");
  });
});

describe("a class with a graph of its own", () => {
  const inAndOut = (): Graph => {
    const graph = graphOf("start one two end", "start>one one>two/x two>end");
    for (const id of ["one", "two"]) (graph.nodes[id] as { data: unknown }).data = lambda(id);
    return graph;
  };

  it("is honoured wherever it is nested, without what goes in and comes out", () => {
    const own = new Own(inAndOut);
    expect(edgesOf(a.pipe(own).pipe(b).getGraph())).toEqual([
      "aInput > a",
      "a > one",
      "one > two: x",
      "two > b",
      "b > bOutput",
    ]);
    expect(edgesOf(RunnableMap.from({ k: own.withRetry() }).getGraph())).toContain("Map > one: k");
    const config = { tags: ["t"] };
    a.pipe(own).getGraph(config);
    expect(own.seen.at(-1)).toBe(config);
  });

  it("says what goes in and comes out of what begins or ends with it", () => {
    const { nodes } = new Own(inAndOut).pipe(new Own(inAndOut)).getGraph();
    expect(Object.values(nodes).map(({ name }) => name)).toEqual(["start", "one", "two", "one", "two", "end"]);
  });

  it("keeps the ids that it chose, in a subgraph of its own where they are taken", () => {
    const own = new Own(inAndOut);
    const ids = Object.keys(own.pipe(own).pipe(a).getGraph().reid().nodes);
    expect(ids).toEqual(["start", "one", "two", "own:one", "own:two", "a", "aOutput"]);
  });

  it("is not changed by being a part of another", () => {
    const graph = inAndOut();
    const own = new Own(() => graph);
    const before = JSON.stringify(graph);
    a.pipe(own).pipe(b).getGraph().addNode({ schema: {} });
    expect(JSON.stringify(graph)).toBe(before);
  });

  it("keeps its runnables where no schema is around them", () => {
    const graph = new Graph();
    graph.addEdge(graph.addNode(a, "x"), graph.addNode(b, "y"));
    expect(
      edgesOf(
        c
          .pipe(new Own(() => graph))
          .pipe(a)
          .getGraph(),
      ),
    ).toEqual(["cInput > c", "c > x", "x > y", "y > a", "a > aOutput"]);
  });

  test.each([
    [
      "several firsts and lasts",
      "w x y z",
      "w>y x>y x>z",
      ["c > w", "c > x", "w > y", "x > y", "x > z", "y > a", "z > a"],
    ],
    ["a circle", "x y", "x>y y>x", ["c > x", "x > y", "x > a", "y > x"]],
    ["one schema", "x", "", ["c > x", "x > a"]],
    ["schemas alone", "x y", "x>y", ["c > y", "y > a"]],
    ["several ways in and out", "in x y out", "in>x in>y x>out y>out", ["c > x", "c > y", "x > a", "y > a"]],
  ])("may have %s", (_of, nodes, edges, joined) => {
    const inner = edgesOf(
      c
        .pipe(new Own(() => graphOf(nodes, edges)))
        .pipe(a)
        .getGraph(),
    ).slice(1, -1);
    expect(inner.sort()).toEqual([...joined].sort());
  });

  it("that is empty is one node", () => {
    expect(
      edgesOf(
        c
          .pipe(new Own(() => new Graph()))
          .pipe(a)
          .getGraph(),
      ),
    ).toEqual(["cInput > c", "c > own", "own > a", "a > aOutput"]);
  });

  it("may add to the graph that every runnable has", () => {
    class Marked extends RunnableSequence {
      override getGraph(config?: RunnableConfig): Graph {
        const graph = super.getGraph(config);
        for (const node of Object.values(graph.nodes)) node.metadata = { marked: true };
        return graph;
      }
    }
    const marked = new Marked({ first: a as never, last: b as never });
    const { nodes } = c.pipe(marked as never).getGraph();
    expect(Object.values(nodes).map(({ metadata }) => metadata?.marked)).toEqual([
      undefined,
      undefined,
      true,
      true,
      undefined,
    ]);
  });

  it("may be a mock on one object", () => {
    const mocked = lambda("mocked");
    vi.spyOn(mocked, "getGraph").mockReturnValue(inAndOut());
    expect(edgesOf(mocked.pipe(a).getGraph())).toContain("two > a");
  });
});

describe("a runnable that never ends", () => {
  it("is one node inside itself", () => {
    const map = RunnableMap.from({ x: a as Runnable<never, unknown> });
    (map.steps as Record<string, unknown>).y = map.pipe(b);
    expect(edgesOf(map.getGraph())).toEqual([
      ...["RunnableMapInput > Map", "Map > a: x", "Map > Map: y", "a > RunnableMapOutput"],
      ...["Map > b", "b > RunnableMapOutput"],
    ]);
  });

  it("is one node inside a graph of its own that asks for that of what holds it", () => {
    let holder: Runnable<unknown, unknown> | undefined;
    const own = new Own(() => (holder as Runnable).getGraph());
    holder = a.pipe(own);
    expect(edgesOf(holder.getGraph())).toEqual(["aInput > a", "a > Sequence", "Sequence > RunnableSequenceOutput"]);
    expect(edgesOf(holder.getGraph())).toHaveLength(3);
  });

  it("can be looked at again after it failed", () => {
    const own = new Own(() => {
      throw new Error("no graph");
    });
    const chain = a.pipe(own);
    for (let time = 0; time < 2; time += 1) expect(() => chain.getGraph()).toThrow("no graph");
  });

  it("is cut where it is deep, and where it is large", () => {
    let deep: Runnable<unknown, unknown> = a;
    for (let depth = 0; depth < 5_000; depth += 1) deep = deep.map() as Runnable<unknown, unknown>;
    expect(Object.keys(deep.getGraph().nodes)).toHaveLength(3);
    let wide: Runnable<unknown, unknown> = a;
    for (let depth = 0; depth < 40; depth += 1) wide = RunnableMap.from({ x: wide, y: wide });
    const { length } = Object.keys(wide.getGraph().nodes);
    expect(length).toBeGreaterThan(2_000);
    expect(length).toBeLessThan(2_200);
  });
});

describe("subgraphs of one title", () => {
  it("are two, and show the title alone, also one that looks counted", () => {
    const step = (): Runnable<number, number> => RunnableLambda.from((x: number) => x, { name: "step" });
    const named = (name: string): Runnable<number, number> =>
      RunnableSequence.from([step(), step()], { name }) as Runnable<number, number>;
    const graph = RunnableSequence.from([named("order"), named("order"), named("order#2")]).getGraph();
    const text = graph.drawMermaid();
    expect(text.match(/subgraph .*/g)).toEqual([
      "subgraph order",
      'subgraph order_2 ["order"]',
      'subgraph order_2_1 ["order#35;2"]',
    ]);
    expect(graph.drawAscii().match(/─ order\S* ─/g)).toEqual([
      ...Array(4).fill("─ order ─"),
      ...Array(2).fill("─ order#2 ─"),
    ]);
  });
});
