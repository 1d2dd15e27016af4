/** What the README says of speed, made of peers/results.json alone. */
import { asTimes } from "./speed-chart.mjs";

const START = "<!-- speed: written by scripts/write-chart.mjs -->";
const END = "<!-- /speed -->";

const CALL_MS = 500;

/** The rows that the short table shows, each with its words. */
const SHOWN = [
  ["model.invoke", "`model.invoke`"],
  ["prompt, model, parser: invoke", "prompt, model, parser: `invoke`"],
  ["prompt, model, parser: invoke with one handler", "the same with a handler"],
  ["chain stream, per token", "the same streamed, per token"],
  ["streamEvents v2, per token", "its `streamEvents`, per token"],
  ["batch of 1,000, per item", "`batch` of three functions, per item"],
  ["concat: a tool call and usage, 200 chunks", "`concat` of tool calls, per chunk"],
];

/**
 * The README with its section on speed written anew.
 *
 * @param {string} readme
 * @param {object} results what peers/bench.mjs wrote.
 */
export function withSpeedSection(readme, results) {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has no section from "${START}" to "${END}".`);
  return `${readme.slice(0, start)}${START}\n${writeSection(results)}${readme.slice(end)}`;
}

function writeSection(results) {
  const { rows, imports, sizes, versions, date, machine, node } = results;
  const named = new Map([...rows, ...imports, ...sizes].map((row) => [row.name, row]));
  const [call, stream] = [named.get("prompt, model, parser: invoke"), named.get("chain stream, per token")];
  const all = named.get("import linnet (peer: five entries)");
  const [app] = sizes;
  const others = `\`@langchain/core\` ${versions.peer} | AI SDK ${versions.sdk}`;
  const shares = ({ linnet, peer, sdk }, times) => [linnet, peer, sdk].map((ns) => asShare(ns * times)).join(" | ");
  const shown = SHOWN.map(([name, words]) => [words, named.get(name)]).filter(([, row]) => row !== undefined);
  return `What a library adds to a model call of ${CALL_MS} ms, in percent of it:

| | linnet | ${others} |
|---|--:|--:|--:|
| prompt, model, parser: one answer | ${shares(call, 1)} |
| the same, its first 1,800 calls in a process | ${shares(call.cold, 1)} |
| the same, streamed as 1,000 tokens | ${shares(stream, 1_000)} |

![linnet beside @langchain/core, row by row](docs/speed.svg)

| | linnet | \`@langchain/core\` | ratio | the author's code alone |
|---|--:|--:|--:|--:|
${shown.map(([words, row]) => `| ${words} | ${asTime(row.linnet)} | ${asTime(row.peer)} | ${asTimes(row.ratio)} | ${row.bare === undefined ? "" : asTime(row.bare)} |`).join("\n")}
| first import of everything | ${all.linnet.toFixed(1)} ms | ${all.peer.toFixed(0)} ms | ${asTimes(all.ratio)} | |
| a small app, minified and compressed | ${app.linnet.toFixed(0)} KB | ${app.peer.toFixed(0)} KB | ${asTimes(app.ratio)} | |

Measured on ${date} in one process, turn about: ${machine}, Node ${node}. [peers/](peers/README.md#benches) tells how, and runs it again.
`;
}

/** Nanoseconds as a share of the call. */
function asShare(ns) {
  return `${Number(((ns / (CALL_MS * 1e6)) * 100).toPrecision(2)).toString()} %`;
}

function asTime(ns) {
  const [value, unit] = ns < 1_000 ? [ns, "ns"] : [ns / 1_000, "us"];
  return `${Number(value.toPrecision(2))} ${unit}`;
}
