import DOMPurify from "dompurify";

/** What mermaid made of a text. */
export interface ReadMermaid {
  /** By id the label that a reader of the picture sees. */
  readonly nodes: Record<string, string>;
  readonly classes: Record<string, string[]>;
  /** `source > target`, or `source .> target` where it is dotted, and the label. */
  readonly edges: string[];
  /** By title the ids of the nodes that it holds itself. */
  readonly groups: Record<string, string[]>;
}

interface FlowDatabase {
  getVertices(): Map<string, { id: string; text?: string; classes: string[] }>;
  getEdges(): { start: string; end: string; text: string; stroke: string }[];
  getSubGraphs(): { id: string; title: string; nodes: string[] }[];
}

// It cleans HTML with the help of a browser, which there is none of here; nothing in these texts may need it.
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text });
const { default: mermaid } = await import("mermaid");
// The first text that is parsed makes its kinds of diagrams known.
await mermaid.parse("graph TD;");

/** Reads a text as mermaid does; rejects where it does not parse. */
export async function readMermaid(text: string): Promise<ReadMermaid> {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const { getVertices, getEdges, getSubGraphs } = bound(db as unknown as FlowDatabase);
  const vertices = [...getVertices().values()];
  return {
    nodes: Object.fromEntries(vertices.map((vertex) => [vertex.id, shown(vertex.text ?? vertex.id)])),
    classes: Object.fromEntries(vertices.filter(({ classes }) => classes.length > 0).map((v) => [v.id, v.classes])),
    edges: getEdges().map(({ start, end, text: label, stroke }) => {
      const arrow = `${start} ${stroke === "dotted" ? ".>" : ">"} ${end}`;
      return label === "" ? arrow : `${arrow}: ${shown(label)}`;
    }),
    groups: Object.fromEntries(getSubGraphs().map(({ title, nodes }) => [shown(title), nodes])),
  };
}

function bound(db: FlowDatabase): FlowDatabase {
  return {
    getVertices: () => db.getVertices(),
    getEdges: () => db.getEdges(),
    getSubGraphs: () => db.getSubGraphs(),
  };
}

/** A label as HTML shows it. Throws where it holds a tag or an entity that the drawing itself does not write. */
function shown(label: string): string {
  const html = label
    .replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => `&#${code};`)
    .replace(/ﬂ°(\w+)¶ß/g, (_, name: string) => `&${name};`)
    .replaceAll("<br/>", "<br>")
    .replace(/&nbsp;<br>&nbsp;/g, " / ")
    .replace(/^&nbsp;|&nbsp;$/g, "");
  const [name = "", marks] = html.split("<hr/><small><em>");
  const text = marks === undefined ? name : `${name} {${marks.replace("</em></small>", "").replaceAll("<br>", "; ")}}`;
  const rest = text.replace(/&#\d+;/g, "");
  if (/[<>&"#`]/.test(rest)) throw new Error(`Expected text without markup, got ${rest}`);
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
