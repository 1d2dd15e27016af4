import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { displayText } from "../../../src/runnables/graph/display-text.ts";
import { Graph } from "../../../src/runnables/graph/graph.ts";
import { graphOf } from "./graphs.ts";
import { readMermaid } from "./mermaid-reader.ts";

describe("a graph in the language of mermaid", () => {
  it("has its nodes, its edges, and the colours of its ends", async () => {
    const graph = graphOf("in one two out", "in>one in.>two/now_and_then one>out two>out");
    expect(graph.drawMermaid()).toBe(`%%{init: {'flowchart': {'curve': 'linear'}}}%%
graph TD;
	in([in]):::first
	one(one)
	two(two)
	out([out]):::last
	in --> one;
	in -. &nbsp;now and then&nbsp; .-> two;
	one --> out;
	two --> out;
	classDef default fill:#f2f0ff,line-height:1.2;
	classDef first fill-opacity:0;
	classDef last fill:#bfb6fc;
`);
    expect(await readMermaid(graph.drawMermaid())).toEqual({
      nodes: { in: "in", one: "one", two: "two", out: "out" },
      classes: { in: ["first"], out: ["last"] },
      edges: ["in > one", "in .> two: now and then", "one > out", "two > out"],
      groups: {},
    });
  });

  it("is nothing but its colours where there are no nodes", async () => {
    expect(await readMermaid(new Graph().drawMermaid())).toMatchObject({ nodes: {}, edges: [] });
  });

  it("shows a node that is both ends as the last", async () => {
    expect((await readMermaid(graphOf("a", "").drawMermaid())).classes).toEqual({ a: ["last"] });
  });

  it("has other curves and colours where they are asked for", async () => {
    const graph = graphOf("a b", "a>b");
    const text = graph.drawMermaid({ curveStyle: "basis", nodeColors: { first: "fill:red" } });
    expect(text).toContain("{'curve': 'basis'}");
    expect(text.match(/classDef.*/g)).toEqual(["classDef first fill:red;"]);
    await readMermaid(text);
  });

  it("without styles is its edges, and the nodes that those do not tell of", async () => {
    const graph = graphOf("a b c part:d", "a>b b.>part:d/x");
    const text = graph.drawMermaid({ withStyles: false });
    expect(text).toBe(`graph TD;
	c(c)
	part_d(d)
	a --> b;
	b -. &nbsp;x&nbsp; .-> part_d;
	subgraph part
	part_d
	end
`);
    expect((await readMermaid(text)).nodes).toEqual({ a: "a", b: "b", c: "c", part_d: "d" });
  });

  it("breaks the label of an edge after some words", async () => {
    const graph = graphOf("a b", "a>b/one_two_(three)_four_five");
    const labels = async (options?: { wrapLabelNWords: number }): Promise<string[]> =>
      (await readMermaid(graph.drawMermaid(options))).edges;
    expect(await labels()).toEqual(["a > b: one two (three) four five"]);
    expect(await labels({ wrapLabelNWords: 2 })).toEqual(["a > b: one two / (three) four / five"]);
    expect(await labels({ wrapLabelNWords: 0 })).toEqual(["a > b: one / two / (three) / four / five"]);
    expect(graphOf("a b", "a>b/1_2_3_4_5_6_7_8_9_10").drawMermaid()).toContain("9&nbsp;<br>&nbsp;10");
  });

  it("shows an empty label as none", async () => {
    expect((await readMermaid(graphOf("a b", "a>b/").drawMermaid())).edges).toEqual(["a > b"]);
  });

  it("shows metadata below the name, as text", async () => {
    const graph = new Graph();
    graph.addNode({ schema: {} }, "a", { cost: 3, "<b>": ["x", { y: "<i>" }], big: 10n, none: undefined });
    expect((await readMermaid(graph.drawMermaid())).nodes).toEqual({
      a: 'a {cost = 3; <b> = ["x",{"y":"<i>"}]; big = a bigint; none = undefined}',
    });
  });

  it("puts what has a prefix into subgraphs, each node into its own", async () => {
    const graph = graphOf("a s:a s:b s:t:c s:t:d u:e o", "a>s:a s:a>s:b s:b>s:t:c s:t:c>s:t:d s:t:d>o o>u:e");
    const text = graph.drawMermaid();
    expect(text).toContain(`	a --> s_a;
	s_t_d --> o;
	o --> u_e;
	subgraph s
	subgraph s_t ["t"]
	s_t_c --> s_t_d;
	end
	s_a --> s_b;
	s_b --> s_t_c;
	end
	subgraph u
	u_e
	end
`);
    const { nodes, groups } = await readMermaid(text);
    expect(nodes).toMatchObject({ s_a: "a", s_t_c: "c", u_e: "e" });
    expect(groups.t?.sort()).toEqual(["s_t_c", "s_t_d"]);
    expect(groups.s?.sort()).toEqual(["s_a", "s_b", "s_t"]);
    expect(groups.u).toEqual(["u_e"]);
  });

  it("tells apart what has one name to mermaid: nodes, and subgraphs that are named like nodes", async () => {
    const graph = graphOf("a?b a_b a!b s:x s s_x", "a?b>a_b a_b>a!b s:x>s");
    const { nodes, edges, groups } = await readMermaid(graph.drawMermaid());
    expect(Object.values(nodes).sort()).toEqual(["a!b", "a?b", "a_b", "s", "s_x", "x"]);
    expect(edges.map((edge) => edge.replace(/\w+/g, (id) => nodes[id] as string))).toEqual([
      "a?b > a_b",
      "a_b > a!b",
      "x > s",
    ]);
    expect(Object.keys(groups)).toEqual(["s"]);
  });
});

/** Names that mean something in mermaid, in markdown, or in HTML. */
const HOSTILE = [
  ...["end", "END", "graph", "subgraph", "style", "default", "class", "classDef", "click", "call", "href", "direction"],
  ...["1end", "12graph", "1-end"],
  ...["linkStyle", "flowchart", "flowchart-elk", "swimlane-beta", "_self", "_blank x", "v", "x", "o", "TB", "LR", "1"],
  ...["direction LR", "a direction  TB b", "direction\nRL", "accTitle: x", "accDescr { x }", "interpolate", "end-x"],
  ...[
    '"',
    '"]; x',
    '") --> y',
    "`",
    "#",
    "#quot;",
    "#35;",
    "&amp;",
    "&lt;b&gt;",
    ";",
    "a;b",
    "|",
    "a|b|c",
    "\\n",
    "\\",
  ],
  ...["(", ")", "((x))", "[x]", "{x}", "@{ shape: x }", "a@{", "a:b", "a::b", ":::first", "style:#;", "style x:#1;"],
  ...[
    "%%",
    "%% x",
    "%%{init: {'theme':'dark'}}%%",
    "---",
    "--",
    "-",
    "--> b",
    "-.->",
    "==>",
    "~~~",
    "a--b",
    "-a",
    "a-",
  ],
  ...["<b>x</b>", "<script>alert(1)</script>", "<br>", "<!-- x", "javascript:alert(1)", "</em></small>", "<hr/>"],
  ...["1. x", "12) x", "- x", "+ x", "* x", "# x", "**b**", "__start__", "_x_", "a_b", "x_", "www.x.org", "a@b.org"],
  ...[
    "https://x.org",
    "![x](y)",
    "fa:fa-car",
    "$$x$$",
    "\ufb02°lt¶ß",
    "\u0000",
    "\u001b[31m",
    "\n",
    "\t",
    " ",
    "a\r\nb",
  ],
  ...["\u202eright", "\ud800", "🐦", "👩‍👩‍👧", "한국어", "é", "\u2028", "", "x".repeat(300), "toString", "__proto__"],
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'-.=<>()[]{}|"#&;:%`_*~@\\/ xoev\n'), maxLength: 8 }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 3 }).map((parts) => parts.join("")),
);

describe("whatever its names are", () => {
  test.each(HOSTILE.map((name) => [name]))(
    "%j is shown as it is: in a node, an edge, a subgraph and metadata",
    async (name) => {
      const graph = new Graph();
      const [a, b] = [graph.addNode({ name, schema: {} }), graph.addNode({ schema: {} }, "b", { [name]: name })];
      graph.addEdge(a, b, name);
      graph.addEdge(b, a, name, true);
      const inner = new Graph();
      inner.addNode({ name: "inner", schema: {} });
      graph.extend(inner, name.replaceAll(":", "."));
      const { nodes, edges, groups } = await readMermaid(graph.drawMermaid({ wrapLabelNWords: 1_000 }));
      const shown = displayText(name);
      const own = Object.entries(nodes).filter(([id]) => id !== "b" && nodes[id] !== "inner");
      expect(own.map(([, label]) => label)).toEqual([shown]);
      expect(nodes.b).toBe(`b {${shown} = ${shown}}`);
      expect(edges.map((edge) => edge.replace(/^\S+ \S+ \S+?(: |$)/, ""))).toEqual([shown, shown]);
      if (name !== "") expect(Object.keys(groups)).toEqual([displayText(name.replaceAll(":", "."))]);
    },
  );

  test("the text parses, and has as many nodes and edges as the graph", { timeout: 60_000 }, async () => {
    const node = fc.record({ name: text, id: fc.option(text, { nil: undefined }), marks: fc.dictionary(text, text) });
    const edge = fc.record({ from: fc.nat(7), to: fc.nat(7), label: fc.option(text, { nil: undefined }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(node, { maxLength: 8 }),
        fc.array(edge, { maxLength: 8 }),
        fc.boolean(),
        async (nodes, edges, withStyles) => {
          const graph = new Graph();
          for (const { name, id, marks } of nodes) {
            if (id === undefined || !Object.hasOwn(graph.nodes, id)) graph.addNode({ name, schema: {} }, id, marks);
          }
          const all = Object.values(graph.nodes);
          for (const { from, to, label } of edges) {
            const [source, target] = [all[from], all[to]];
            if (source !== undefined && target !== undefined) graph.addEdge(source, target, label, from > to);
          }
          const read = await readMermaid(graph.drawMermaid({ withStyles, wrapLabelNWords: 2 }));
          expect(Object.keys(read.nodes)).toHaveLength(all.length);
          expect(read.edges).toHaveLength(graph.edges.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});
