/** Decisions on usage, ids, names and the fields of a tool's answer. */
import { isRecord, mapChunks, valuesOf, without } from "./walk.mjs";

const COUNTS = ["input_tokens", "output_tokens", "total_tokens"];
const DETAILS = ["input_token_details", "output_token_details"];
const KNOWN_DETAILS = {
  input_token_details: new Set(["audio", "image", "video", "document", "text", "cache_read", "cache_creation"]),
  output_token_details: new Set(["audio", "image", "video", "document", "text", "reasoning"]),
};

const usagesOf = (one) => valuesOf(one, "usage_metadata");
const isSum = (one) => one.chunks.length > 1;

const nullUsage = {
  name: "usage-null",
  row: "a usage that is null",
  applies: (one) => one.chunks.some((chunk) => chunk.usage_metadata === null),
  rewrite: (one) =>
    mapChunks(one, (chunk) => (chunk.usage_metadata === null ? without(chunk, "usage_metadata") : chunk)),
  keeps: (sum) => sum,
};

const emptyDetails = {
  name: "usage-empty-details",
  row: "details of usage that nobody gave",
  applies: (one) =>
    isSum(one) &&
    usagesOf(one).length > 0 &&
    DETAILS.some((field) => !usagesOf(one).some((usage) => isRecord(usage[field]))),
  settle: ({ peer, ours }) => {
    for (const { usage_metadata: usage = {} } of [peer, ours]) {
      for (const field of DETAILS)
        if (!isRecord(usage[field]) || Object.keys(usage[field]).length === 0) delete usage[field];
    }
  },
};

const loneUsage = {
  name: "usage-with-nulls-alone",
  row: "counts that are null or missing, in a usage that nothing is added to",
  applies: (one) => {
    if (!isSum(one)) return false;
    const [usage, ...more] = usagesOf(one);
    const isLone = usage !== undefined && more.length === 0;
    // Of a kind that nobody has counted, null stays also where other kinds are added up.
    return (isLone && COUNTS.some((count) => usage[count] == null)) || usagesOf(one).some(hasNullDetail);
  },
  settle: ({ peer, ours }) => {
    for (const { usage_metadata: usage = {} } of [peer, ours]) {
      for (const count of COUNTS) usage[count] ??= 0;
      for (const field of DETAILS) {
        for (const kind of Object.keys(usage[field] ?? {})) usage[field][kind] ??= 0;
      }
    }
  },
};

const hasNullDetail = (usage) => DETAILS.some((field) => Object.values(usage[field] ?? {}).includes(null));

/** What the peer drops of a usage, with the sum of each. */
function unknownCounts(one) {
  const sums = [];
  const add = (path, count) => {
    const known = sums.find((sum) => sum.path.join() === path.join());
    if (known) known.sum += count ?? 0;
    else sums.push({ path, sum: count ?? 0 });
  };
  for (const usage of usagesOf(one)) {
    for (const field of DETAILS) {
      for (const [kind, count] of Object.entries(usage[field] ?? {}))
        if (!KNOWN_DETAILS[field].has(kind)) add([field, kind], count);
    }
    for (const [field, count] of Object.entries(usage)) {
      if (![...COUNTS, ...DETAILS].includes(field)) add([field], count);
    }
  }
  return sums;
}

const unknownDetails = {
  name: "usage-unknown-details",
  row: "unknown details of usage",
  applies: (one) => isSum(one) && unknownCounts(one).length > 0,
  settle: ({ peer, one }) => {
    for (const { path, sum } of unknownCounts(one)) {
      const [field, kind] = path;
      if (kind === undefined) peer.usage_metadata[field] = sum;
      else peer.usage_metadata[field] = { ...peer.usage_metadata[field], [kind]: sum };
    }
  },
};

const isOfRun = (id) => id.startsWith("run-");
const idsOf = (one) => one.chunks.map(({ id }) => id).filter((id) => id !== undefined);

/** A provider's id before one of a run; of each kind, the first. */
const decidedId = (one) => {
  const told = idsOf(one).filter(Boolean);
  return told.find((id) => !isOfRun(id)) ?? told[0] ?? "";
};

const sumId = {
  name: "id-of-a-sum",
  row: "id of a sum",
  applies: (one) => idsOf(one).length > 0 && idsOf(one)[0] !== decidedId(one),
  settle: ({ peer, one }) => {
    peer.id = decidedId(one);
  },
};

const name = {
  name: "name",
  row: "`name`",
  applies: (one) => isSum(one) && one.role !== "FunctionMessageChunk" && valuesOf(one, "name").length > 0,
  settle: ({ peer, one }) => {
    peer.name = valuesOf(one, "name").find(Boolean) ?? "";
  },
};

const isTool = (one) => one.role === "ToolMessageChunk";

const toolStatus = {
  name: "tool-status",
  row: "the status of a tool's answer that nobody told",
  applies: (one) => isTool(one) && isSum(one) && valuesOf(one, "status").length === 0,
  settle: ({ peer }) => {
    delete peer.status;
  },
};

const toolMetadata = {
  name: "tool-metadata",
  row: "`metadata` of a tool's answer",
  applies: (one) => isTool(one) && valuesOf(one, "metadata").length > 0,
  rewrite: (one) => mapChunks(one, (chunk) => without(chunk, "metadata")),
};

const toolCallId = {
  name: "tool-call-id",
  row: "an empty `tool_call_id`, then another",
  applies: (one) => isTool(one) && one.chunks[0].tool_call_id === "" && one.chunks.some((chunk) => chunk.tool_call_id),
  settle: ({ peer, one }) => {
    peer.tool_call_id = valuesOf(one, "tool_call_id").find(Boolean);
  },
};

export const fieldDecisions = [
  nullUsage,
  unknownDetails,
  loneUsage,
  emptyDetails,
  sumId,
  name,
  toolStatus,
  toolMetadata,
  toolCallId,
];
