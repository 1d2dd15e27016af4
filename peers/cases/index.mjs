/**
 * Random streams of message chunks, as plain fields: streams in the manner of providers, some of them disturbed, and streams
 * of anything at all.
 *
 * A case is `{ role, chunks }`: the name of a chunk class, and the fields of each chunk.
 */
import fc from "fast-check";
import { anyBlock, anyContent, anyData, anyMessageId, anyName, anyPiece, anything, entangled } from "./anything.mjs";
import { completions, generateContent, messagesApi, standardBlocks } from "./providers.mjs";
import { clean, facts, list, oddUsage, rarely, record, said, usage, word } from "./values.mjs";

/** What goes wrong on the way: something is put into one chunk of a stream that is in order. */
const disturbance = fc.oneof(
  anyPiece.map((piece) => ({ tool_call_chunks: [piece] })),
  oddUsage.map((usage_metadata) => ({ usage_metadata })),
  usage.map((usage_metadata) => ({ usage_metadata })),
  anyMessageId.map((id) => ({ id })),
  anyName.map((name) => ({ name })),
  facts.map((response_metadata) => ({ response_metadata })),
  anyData.map((additional_kwargs) => ({ additional_kwargs })),
  anyContent.map((content) => ({ content })),
);

const provided = fc.oneof(
  { weight: 6, arbitrary: completions },
  { weight: 4, arbitrary: messagesApi },
  { weight: 2, arbitrary: generateContent },
  { weight: 3, arbitrary: standardBlocks },
);
const disturbed = fc
  .tuple(provided, fc.array(fc.tuple(fc.nat(), disturbance), { minLength: 1, maxLength: 3 }))
  .map(([chunks, changes]) => {
    const changed = [...chunks];
    for (const [place, change] of changes) {
      const at = place % changed.length;
      changed[at] = clean({ ...changed[at], ...change });
    }
    return changed;
  });

const ai = fc
  .oneof(
    { weight: 15, arbitrary: provided },
    { weight: 3, arbitrary: disturbed },
    { weight: 3, arbitrary: anything },
    { weight: 1, arbitrary: entangled },
  )
  .map((chunks) => ({ role: "AIMessageChunk", chunks }));

// The other roles' chunks hold less.
const otherChunks = (more) =>
  fc.array(
    record({
      content: fc.oneof({ weight: 3, arbitrary: said }, { weight: 1, arbitrary: list(anyBlock, 2) }),
      additional_kwargs: rarely(5, anyData),
      response_metadata: rarely(8, anyData),
      id: rarely(3, anyMessageId),
      name: rarely(8, anyName),
      ...more,
    }),
    { minLength: 1, maxLength: 4 },
  );
const others = fc.oneof(
  fc
    .constantFrom("HumanMessageChunk", "SystemMessageChunk")
    .chain((role) => otherChunks({}).map((chunks) => ({ role, chunks }))),
  otherChunks({
    tool_call_id: fc.constantFrom("call_1", "call_1", "call_2", ""),
    status: rarely(3, fc.constantFrom("success", "error")),
    artifact: rarely(3, fc.oneof(word, list(word, 2), fc.record({ rows: fc.constant([1, 2]), text: word }))),
    metadata: rarely(8, fc.record({ text: word })),
  }).map((chunks) => ({ role: "ToolMessageChunk", chunks })),
  otherChunks({ name: fc.constantFrom("f", "g") }).map((chunks) => ({ role: "FunctionMessageChunk", chunks })),
  otherChunks({ role: fc.constantFrom("critic", "judge") }).map((chunks) => ({ role: "ChatMessageChunk", chunks })),
);

export const messageCase = fc.oneof({ weight: 8, arbitrary: ai }, { weight: 1, arbitrary: others });
