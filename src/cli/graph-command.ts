import type { Command } from "./arguments.ts";
import { type CliHost, columnsOf, print } from "./host.ts";
import { makePaint, type Paint } from "./paint.ts";
import { graphChain } from "./tour/graph-chain.ts";

/** Boxes, lines and arrows. */
const LINES = /[─-╿▲▼]+/g;

/** `graph`: what the chain of the tour is made of. */
export async function graph({ form }: Command & { name: "graph" }, host: CliHost): Promise<void> {
  const drawn = graphChain().getGraph();
  if (form === "json") return print(host.stdout, `${JSON.stringify(drawn, null, 2)}\n`);
  if (form === "mermaid") return print(host.stdout, drawn.drawMermaid());
  const paint = makePaint(host.colours);
  const picture = coloured(drawn.drawAscii({ maxWidth: columnsOf(host) }), paint);
  const about = paint.dim(`The same for mermaid, as "${host.program} graph --mermaid" prints it:`);
  await print(host.stdout, `${picture}\n\n${about}\n\n${paint.code(drawn.drawMermaid().trimEnd())}\n`);
}

/** Names stand out, and what joins them stands back. */
function coloured(picture: string, paint: Paint): string {
  const parts = picture.split(LINES);
  const lines = picture.match(LINES) ?? [];
  return parts.map((part, index) => painted(part, paint) + paint.dim(lines[index] ?? "")).join("");
}

function painted(text: string, paint: Paint): string {
  return text.replace(/\S+(?: \S+)*/g, (words) => paint.name(words));
}
