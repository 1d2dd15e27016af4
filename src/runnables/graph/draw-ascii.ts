import { LinnetError } from "../../errors/linnet-error.ts";
import { ASCII, UNICODE } from "./canvas.ts";
import type { GraphParts } from "./graph-parts.ts";
import { drawOutline } from "./outline.ts";
import { Picture } from "./picture.ts";

/** How a graph is drawn as text. */
export interface DrawAsciiOptions {
  /** How many columns a line may have; a wider graph is a list. Default: 120. */
  maxWidth?: number | undefined;
  /** The characters of the lines: box drawing, or ASCII alone. Default: `unicode`. */
  charset?: "unicode" | "ascii" | undefined;
}

/** A graph with more nodes, or edges, is a list: nobody would look at so large a picture. */
const MAX_NODES = 150;
const MAX_EDGES = 300;

/** A graph, of which the ids are readable, as text. */
export function drawAscii(graph: GraphParts, { maxWidth = 120, charset = "unicode" }: DrawAsciiOptions = {}): string {
  const pens = { unicode: UNICODE, ascii: ASCII };
  if (!Object.hasOwn(pens, charset) || Number.isNaN(maxWidth)) throw notDrawn(maxWidth, charset);
  const pen = pens[charset];
  if (Object.keys(graph.nodes).length > MAX_NODES || graph.edges.length > MAX_EDGES) {
    return drawOutline(graph, pen, maxWidth);
  }
  return new Picture(graph, pen).draw(maxWidth) ?? drawOutline(graph, pen, maxWidth);
}

function notDrawn(maxWidth: number, charset: string): LinnetError {
  return new LinnetError(
    `Expected maxWidth to be a number and charset unicode or ascii, got ${maxWidth} and ${JSON.stringify(charset)}.`,
    { code: "INVALID_CONFIG", data: { maxWidth, charset } },
  );
}
