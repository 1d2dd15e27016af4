/** The picture of peers/results.json: how many times faster than the others each row is, on a scale of powers of ten. */

const WIDTH = 900;
const LABELS = 360;
const BARS = 400;
const ROW = 22;
const HEAD = 74;
const HEADING = 30;
const FOOT = 34;

/**
 * Draws the bars. The same results give the same text.
 *
 * @param {object} results what peers/bench.mjs wrote.
 * @returns {string} an SVG that fits a dark page and a light one.
 */
export function drawSpeedChart(results) {
  const groups = groupRows(results);
  const rows = groups.flatMap((group) => group.rows);
  const ratios = rows.flatMap(({ ratio, overSdk }) => [ratio, overSdk ?? ratio]);
  const low = Math.min(0, Math.floor(Math.log10(Math.min(...ratios))));
  const high = Math.max(1, Math.log10(Math.max(...ratios)));
  const placeOf = (ratio) => round(LABELS + (BARS * (Math.log10(ratio) - low)) / (high - low));

  const parts = [];
  let top = HEAD;
  for (const { heading, rows } of groups) {
    parts.push(`<text class="heading" x="12" y="${top + 20}">${escapeText(heading)}</text>`);
    top += HEADING;
    for (const row of rows) {
      parts.push(drawRow(row, top, placeOf));
      top += ROW;
    }
  }
  const height = top + FOOT;
  const powers = Array.from({ length: Math.floor(high) - low + 1 }, (_, place) => 10 ** (low + place));
  const grid = powers.map((power) => drawPower(power, placeOf(power), top));
  return `${[drawFrame(results, rows, height), ...grid, ...parts, drawFoot(results, height), "</svg>"].join("\n")}\n`;
}

/** The rows of the picture under their headings, those without any left out. */
function groupRows({ rows, imports, heaps, sizes }) {
  const isStream = ({ name }) => /stream/i.test(name);
  const isSum = ({ name }) => /^(concat|accumulator)/.test(name);
  const isCall = ({ cold }) => cold !== undefined;
  const isOther = (row) => !isStream(row) && !isSum(row) && !isCall(row);
  const groups = [
    { heading: "One call, warm", rows: rows.filter(isCall) },
    { heading: "One call, the first 1,800 of a process", rows: rows.filter(isCall).map(toColdRow) },
    { heading: "Streams", rows: rows.filter(isStream) },
    { heading: "Sums of chunks", rows: rows.filter(isSum) },
    { heading: "Batches, texts, lists", rows: rows.filter(isOther) },
    { heading: "First import, over an empty process", rows: imports },
    { heading: "Heap at its peak: how much smaller", rows: heaps },
    { heading: "Size: how much smaller", rows: sizes },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

const toColdRow = ({ name, cold }) => ({ name, ...cold });

function drawRow({ name, ratio, overSdk }, top, placeOf) {
  const label = `<text class="label" x="${LABELS - 10}" y="${top + 15}">${escapeText(name)}</text>`;
  const [barHeight, sdkHeight] = overSdk === undefined ? [14, 0] : [9, 5];
  const bars = [drawBar("peer", ratio, top + 4, barHeight, placeOf)];
  if (overSdk !== undefined) bars.push(drawBar("sdk", overSdk, top + 4 + barHeight + 1, sdkHeight, placeOf));
  const words = overSdk === undefined ? asTimes(ratio) : `${asTimes(ratio)} · AI SDK ${asTimes(overSdk)}`;
  const end = placeOf(Math.max(ratio, overSdk ?? ratio, 1)) + 6;
  return `${label}${bars.join("")}<text x="${round(end)}" y="${top + 15}">${words}</text>`;
}

/** A bar from 1 to the ratio: to the left where linnet is the slower one. */
function drawBar(kind, ratio, y, height, placeOf) {
  const [from, to] = [placeOf(Math.min(1, ratio)), placeOf(Math.max(1, ratio))];
  return `<rect class="${ratio < 1 ? "slower" : kind}" x="${from}" y="${y}" width="${round(to - from)}" height="${height}"/>`;
}

function drawPower(power, x, bottom) {
  const line = `<line class="${power === 1 ? "one" : "grid"}" x1="${x}" y1="${HEAD}" x2="${x}" y2="${bottom}"/>`;
  return `${line}<text class="power" x="${x}" y="${HEAD - 6}">${asTimes(power)}</text>`;
}

function drawFrame({ versions }, rows, height) {
  const title = `linnet beside @langchain/core ${versions.peer}: how many times faster, smaller`;
  const said = rows.map(({ name, ratio, overSdk }) =>
    overSdk === undefined ? `${name} ${asTimes(ratio)}` : `${name} ${asTimes(ratio)}, AI SDK ${asTimes(overSdk)}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escapeText(title)}</title>
<desc id="desc">${escapeText(`A bar chart. ${said.join("; ")}.`)}</desc>
<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .name { font-size: 16px; font-weight: 600; }
  .heading { font-weight: 600; }
  .label { text-anchor: end; }
  .power { text-anchor: middle; }
  .power, .small { fill: #57606a; font-size: 11px; }
  .page { fill: #ffffff; stroke: #d0d7de; }
  .peer { fill: #1a7f5a; }
  .sdk { fill: #8250df; }
  .slower { fill: #bc4c00; }
  .grid { stroke: #d8dee4; }
  .one { stroke: #57606a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .power, .small { fill: #9198a1; }
    .page { fill: #0d1117; stroke: #3d444d; }
    .peer { fill: #3fb985; }
    .sdk { fill: #ab7df8; }
    .slower { fill: #f0883e; }
    .grid { stroke: #2a313c; }
    .one { stroke: #9198a1; }
  }
</style>
<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
<text class="name" x="12" y="26">How many times faster than @langchain/core ${escapeText(versions.peer)}</text>
<rect class="peer" x="12" y="37" width="10" height="10"/><text class="small" x="27" y="46">than @langchain/core</text>
<rect class="sdk" x="165" y="37" width="10" height="10"/><text class="small" x="180" y="46">than the AI SDK ${escapeText(versions.sdk)}, where it has the same job</text>`;
}

function drawFoot({ date, machine, node }, height) {
  return `<text class="small" x="12" y="${height - 12}">${escapeText(`${date}; ${machine}; Node ${node}. Each step of the scale is ten times the last.`)}</text>`;
}

/** A ratio in words, two digits below ten. */
export function asTimes(ratio) {
  return `${ratio < 10 ? Number(ratio.toPrecision(2)) : Math.round(ratio).toLocaleString("en")}x`;
}

function round(number) {
  return Number(number.toFixed(1));
}

function escapeText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
