import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Graph } from "../../../src/runnables/graph/graph.ts";
import { type GraphParts, isGenerated } from "../../../src/runnables/graph/graph-parts.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import "../../../src/runnables/wiring.ts";
import { graphOf } from "./graphs.ts";

const step = RunnableLambda.from((x: number) => x, { name: "step" });
const schema = { name: "value", schema: { type: "number" } };

describe("a graph", () => {
  it("gives a node an id of its own and the name of its data", () => {
    const graph = new Graph();
    const node = graph.addNode(step);
    expect(isGenerated(node.id)).toBe(true);
    expect(node).toEqual({ id: node.id, name: "step", data: step, metadata: undefined });
    expect(graph.nodes[node.id]).toBe(node);
  });

  it.each([
    [new RunnableLambda({ func: () => 1 }), "Lambda"],
    [step, "step"],
    [RunnableLambda.from(() => 1, { name: "Runnable" }), "Runnable"],
    [schema, "value"],
    [{ schema: {} }, "UnknownSchema"],
  ])("names a node after its data", (data, name) => {
    expect(new Graph().addNode(data).name).toBe(name);
  });

  it("takes the id that it is given, which is the name too, and metadata", () => {
    const node = new Graph().addNode(step, "first", { cost: 3 });
    expect(node).toEqual({ id: "first", name: "first", data: step, metadata: { cost: 3 } });
  });

  it.each(["__proto__", "constructor", "toString", ""])("takes %j as an id like any other", (id) => {
    const graph = new Graph();
    expect(() => graph.addEdge({ id }, { id })).toThrow("Expected a node of this graph");
    graph.addEdge(graph.addNode(schema, id), graph.addNode(schema, "end"));
    expect(Object.keys(graph.nodes)).toEqual([id, "end"]);
    expect(graph.toJSON().edges).toEqual([{ source: id, target: "end" }]);
    expect(graph.reid().toJSON()).toEqual(graph.toJSON());
    graph.removeNode({ id });
    expect([Object.keys(graph.nodes), graph.edges]).toEqual([["end"], []]);
  });

  it("refuses an id that is taken, and an edge at a node that it has not", () => {
    const graph = graphOf("a b", "a>b");
    const failure = (call: () => unknown): unknown => {
      try {
        return call();
      } catch (error) {
        return [(error as Error).message, (error as { code?: string }).code, (error as { data?: object }).data];
      }
    };
    expect(failure(() => graph.addNode(schema, "a"))).toEqual([
      'Expected an id that no node has, got a string "a".',
      "INVALID_INPUT",
      { id: "a" },
    ]);
    for (const [source, target] of [
      ["a", "z"],
      ["z", "a"],
    ] as const) {
      expect(failure(() => graph.addEdge({ id: source }, { id: target }))).toEqual([
        'Expected a node of this graph, got one with the id a string "z".',
        "INVALID_INPUT",
        { id: "z" },
      ]);
    }
  });

  it("gives the edge that it adds", () => {
    const graph = graphOf("a b", "");
    const edge = graph.addEdge({ id: "a" }, { id: "b" }, "often", true);
    expect(edge).toEqual({ source: "a", target: "b", data: "often", conditional: true });
    expect(graph.edges).toEqual([edge]);
  });

  it("removes a node with its edges, and nothing where the node is none of its own", () => {
    const graph = graphOf("a b c", "a>b b>c a>c");
    graph.removeNode({ id: "b" });
    graph.removeNode({ id: "z" });
    expect(shapeOf(graph)).toEqual(["a", "c", "a>c"]);
  });

  test.each([
    ["a", "", "a", "a"],
    ["a b", "", undefined, undefined],
    ["a b c", "a>b a>c", "a", undefined],
    ["a b c", "a>c b>c", undefined, "c"],
    ["a b", "a>b b>a", undefined, undefined],
    ["a", "a>a", undefined, undefined],
    ["a b c d", "a>b b>c c>b c>d", "a", "d"],
    ["", "", undefined, undefined],
  ])("of %j with %j has the first node %s and the last node %s", (nodes, edges, first, last) => {
    const graph = graphOf(nodes, edges);
    expect([graph.firstNode()?.id, graph.lastNode()?.id]).toEqual([first, last]);
  });

  test.each([
    ["a b", "a>b", "b", "a"],
    ["a", "", "a", "a"],
    ["a b c", "a>b a>c", "a b c", "a b c"],
    ["a b c", "a>b b>c a>c", "b c", "a b"],
    ["a b c d", "a>b b>c c>b c>d", "a b c d", "a b c d"],
    ["a b c", "a>c b>c", "a b c", "a b c"],
  ])("of %j with %j keeps %j without its first node and %j without its last", (nodes, edges, first, last) => {
    const [one, other] = [graphOf(nodes, edges), graphOf(nodes, edges)];
    one.trimFirstNode();
    other.trimLastNode();
    expect([Object.keys(one.nodes).join(" "), Object.keys(other.nodes).join(" ")]).toEqual([first, last]);
  });

  it("begins with copies of the parts that it is given", () => {
    const parts = graphOf("a b", "a>b");
    const graph = new Graph(parts);
    expect(graph.toJSON()).toEqual(parts.toJSON());
    expect(graph.nodes.a).not.toBe(parts.nodes.a);
    graph.removeNode({ id: "a" });
    expect(shapeOf(parts)).toEqual(["a", "b", "a>b"]);
  });

  it("takes on another graph, under a prefix where one is given, and gives its ends", () => {
    const graph = graphOf("a", "");
    const [first, last] = graph.extend(graphOf("x y", "x>y"), "part");
    expect(shapeOf(graph)).toEqual(["a", "part:x", "part:y", "part:x>part:y"]);
    expect([first, last]).toEqual([graph.nodes["part:x"], graph.nodes["part:y"]]);
    expect(first?.name).toBe("x");
    expect(graph.extend(graphOf("p q", ""))).toEqual([undefined, undefined]);
  });

  it("takes on nothing of a graph that shares an id with it, or has an edge without a node", () => {
    const graph = graphOf("a", "");
    expect(() => graph.extend(graphOf("b a", "b>a"))).toThrow("without a common id");
    const loose = { nodes: graphOf("b", "").nodes, edges: [{ source: "b", target: "constructor" }] };
    expect(() => graph.extend(loose)).toThrow("a node for every end");
    expect(shapeOf(graph)).toEqual(["a"]);
  });

  it("has names for ids where it made them, numbered where several have one name", () => {
    const graph = new Graph();
    const [a, b] = [graph.addNode(step), graph.addNode(step)];
    graph.addNode(schema);
    graph.addNode(schema, "step_1");
    graph.addEdge(a, b, "on");
    graph.addEdge(b, a);
    const named = graph.reid();
    expect(shapeOf(named)).toEqual(["step_2", "step_3", "value", "step_1", "step_2>step_3", "step_3>step_2"]);
    expect(named.edges[0]).toEqual({ source: "step_2", target: "step_3", data: "on", conditional: undefined });
    expect(shapeOf(graph)[0]).toBe(a.id);
  });

  it("gives nobody else's name away: a number does not make one name another", () => {
    const graph = new Graph();
    for (const name of ["x", "x", "x_1", "x_1", "x_2", "a:b", ""]) graph.addNode({ name, schema: {} });
    expect(shapeOf(graph.reid())).toEqual(["x_1", "x_3", "x_1_1", "x_1_2", "x_2", "a_b", "node"]);
  });

  it("keeps the subgraphs of ids that become names", () => {
    const [graph, inner] = [new Graph(), new Graph()];
    inner.addNode(step);
    graph.extend(inner, "one:two");
    graph.addNode(step);
    expect(shapeOf(graph.reid())).toEqual(["one:two:step", "step"]);
  });

  it("is data as JSON, in which the ids that it made are numbers", () => {
    const graph = new Graph();
    const [first, second] = [graph.addNode(schema, undefined, {}), graph.addNode(step, "two", { cost: 3 })];
    graph.addEdge(first, second, "always", false);
    graph.addEdge(second, first, undefined, true);
    expect(JSON.parse(JSON.stringify(graph))).toEqual({
      nodes: [
        { id: 0, type: "schema", data: { type: "number", title: "value" }, metadata: {} },
        {
          id: "two",
          type: "runnable",
          data: { id: ["linnet", "runnables", "RunnableLambda"], name: "step" },
          metadata: { cost: 3 },
        },
      ],
      edges: [
        { source: 0, target: "two", data: "always" },
        { source: "two", target: 0, conditional: true },
      ],
    });
  });

  it("names the class of a runnable of another library as far as that says it", () => {
    class Foreign {
      lc_id?: string[];
      toJSON?: () => unknown;
      invoke = async (): Promise<number> => 1;
      getName = (): string => "foreign";
    }
    const json = (fields: Partial<Foreign>): unknown => {
      const graph = new Graph();
      graph.addNode(Object.assign(new Foreign(), fields) as never, "x");
      return graph.toJSON().nodes[0]?.data;
    };
    expect(json({})).toEqual({ id: ["Foreign"], name: "foreign" });
    expect(json({ lc_id: ["a", "B"] })).toEqual({ id: ["a", "B"], name: "foreign" });
    expect(json({ toJSON: () => ({ id: ["c", "D"] }) })).toEqual({ id: ["c", "D"], name: "foreign" });
    expect(json({ toJSON: () => null })).toEqual({ id: ["Foreign"], name: "foreign" });
  });

  it("sends nothing away to be drawn", async () => {
    await expect(new Graph().drawMermaidPng()).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
  });

  it("draws no edge whose node somebody took out by hand", () => {
    const graph = graphOf("a b", "a>b");
    delete graph.nodes.b;
    expect(graph.drawMermaid()).not.toContain("-->");
    delete graph.nodes.a;
    expect(graph.toJSON()).toEqual({ nodes: [], edges: [{ source: "a", target: "b" }] });
  });
});

describe("whatever is done to a graph", () => {
  const ids = fc.constantFrom("a", "b", "a:b", "__proto__", "x y", "constructor");
  const act = fc.oneof(
    fc.record({ act: fc.constant("node" as const), id: fc.option(ids, { nil: undefined }) }),
    fc.record({ act: fc.constant("edge" as const), from: fc.nat(20), to: fc.nat(20) }),
    fc.record({ act: fc.constant("remove" as const), at: fc.nat(20) }),
    fc.record({ act: fc.constantFrom("first", "last", "reid", "extend") }),
  );

  test("its edges are between nodes that it has", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let graph = new Graph();
        for (const [index, one] of acts.entries()) {
          const nodes = Object.values(graph.nodes);
          const at = (place: number) => nodes[place % nodes.length] as { id: string };
          if (one.act === "node" && !("id" in one && one.id !== undefined && one.id in graph.nodes)) {
            graph.addNode(schema, "id" in one ? one.id : undefined);
          }
          if ("from" in one && nodes.length > 0) graph.addEdge(at(one.from), at(one.to));
          if ("at" in one && nodes.length > 0) graph.removeNode(at(one.at));
          if (one.act === "first") graph.trimFirstNode();
          if (one.act === "last") graph.trimLastNode();
          if (one.act === "reid") graph = graph.reid();
          if (one.act === "extend" && nodes.length < 100) graph.extend(new Graph(graph), `part${index}`);
          for (const { source, target } of graph.edges) {
            expect(Object.hasOwn(graph.nodes, source) && Object.hasOwn(graph.nodes, target)).toBe(true);
          }
          expect(Object.entries(graph.nodes).every(([id, node]) => node.id === id)).toBe(true);
        }
      }),
    );
  });

  test("its copy with names has as many nodes and edges, at the same places", () => {
    const names = fc.constantFrom("x", "x_1", "x_2", "x_1_1", "", ":", "a:x", "__proto__");
    const node = fc.record({ name: names, id: fc.option(names, { nil: undefined }), prefix: fc.constantFrom("", "a") });
    fc.assert(
      fc.property(fc.array(node, { maxLength: 12 }), fc.array(fc.tuple(fc.nat(11), fc.nat(11))), (nodes, ends) => {
        const graph = new Graph();
        for (const { name, id, prefix } of nodes) {
          const part = new Graph();
          part.addNode({ name, schema: {} }, id);
          if (!Object.keys(part.nodes).some((own) => (prefix ? `${prefix}:${own}` : own) in graph.nodes)) {
            graph.extend(part, prefix);
          }
        }
        const all = Object.values(graph.nodes);
        for (const [from, to] of ends) {
          const [source, target] = [all[from], all[to]];
          if (source !== undefined && target !== undefined) graph.addEdge(source, target);
        }
        const copy = graph.reid();
        const placesOf = (parts: GraphParts): number[][] =>
          parts.edges.map((edge) => [edge.source, edge.target].map((id) => Object.keys(parts.nodes).indexOf(id)));
        expect(Object.values(copy.nodes).map(({ name }) => name)).toEqual(all.map(({ name }) => name));
        expect(placesOf(copy)).toEqual(placesOf(graph));
        expect(Object.keys(copy.nodes).some(isGenerated)).toBe(false);
      }),
    );
  });
});

/** The ids of the nodes, then the edges. */
function shapeOf({ nodes, edges }: GraphParts): string[] {
  return [...Object.keys(nodes), ...edges.map(({ source, target }) => `${source}>${target}`)];
}
