import fc from "fast-check";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { ToolCallChunk } from "../../../src/messages/tool-call.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { concat } from "../../../src/streams/concat.ts";
import { type Cuts, cuts, streamOf } from "./arbitraries/deltas.ts";
import { type Shape, shapes } from "./arbitraries/tool-shapes.ts";
import { type Fault, property, proveLaw } from "./law.ts";
import { expectSame } from "./seen.ts";

/** Folds the pieces of a stream to calls. */
type Folding = (chunks: readonly BaseMessage[]) => AIMessageChunk;

const blockOf = (place: number): AIMessageChunk => new AIMessageChunk([{ type: "text", text: "t", index: place % 2 }]);

const becomesItsCalls =
  (shape: Shape) =>
  (folding: Folding): fc.IRawProperty<unknown, boolean> =>
    property(cuts, fc.boolean(), (numbers: Cuts, hasText) => {
      const stream = streamOf(
        shape.pieces.map((piece) => ({ kind: "call", piece }) as const),
        numbers,
      );
      // Text that has the same index as a call must not take it in, nor be taken in.
      const chunks = hasText ? stream.flatMap((chunk, place) => [blockOf(place), chunk]) : stream;
      const sum = folding(chunks);
      const calls = sum.tool_calls.map(({ name, id, args }) => [name, id, args]);
      expectSame(calls, shape.calls, "calls");
      expectSame(sum.invalid_tool_calls, [], "calls that cannot be read");
      expectSame(sum.text, hasText ? "t".repeat(stream.length) : "", "text beside the calls");
    });

const foldings: readonly (readonly [string, Folding])[] = [
  ["the left fold", (chunks) => chunks.reduce((left, right) => concat(left, right)) as AIMessageChunk],
  ["the sum in place", (chunks) => concatAll(chunks) as AIMessageChunk],
  ["the right fold", (chunks) => chunks.reduceRight((right, left) => concat(left, right)) as AIMessageChunk],
];

/** A fault in what is made of each piece before it is folded. */
function reading(read: () => (piece: ToolCallChunk) => ToolCallChunk): Folding {
  return (chunks) => {
    const readPiece = read();
    return concatAll(
      chunks.map((chunk) => {
        const { content, tool_call_chunks } = chunk as AIMessageChunk;
        return new AIMessageChunk({ content, tool_call_chunks: tool_call_chunks.map(readPiece) });
      }),
    ) as AIMessageChunk;
  };
}

/** The faults that libraries of this kind have had, by the shapes that show them. */
const faultsOf: Record<string, [what: string, folding: Folding]> = {
  "an index alone after the first piece": [
    "opens a call where no id is given",
    reading(() => {
      let opened = 10;
      return (piece) => {
        if (!piece.id) opened += 1;
        return piece.id ? piece : { ...piece, index: opened };
      };
    }),
  ],
  "neither index nor id after the first piece": [
    "has no call for a piece that names none",
    reading(() => (piece) => (piece.id || piece.index !== undefined ? piece : {})),
  ],
  "an index as a text and as a number": [
    "tells an index as a text from the same as a number",
    reading(() => (piece) => (typeof piece.index === "string" ? { ...piece, index: `text ${piece.index}` } : piece)),
  ],
  "one index for several calls": [
    "goes on with the first call of an index",
    reading(() => {
      const ids = new Map<unknown, string>();
      return (piece) => {
        if (piece.id && !ids.has(piece.index)) ids.set(piece.index, piece.id);
        return piece.id ? piece : { ...piece, id: ids.get(piece.index) };
      };
    }),
  ],
  "placeholders for the id": [
    "takes a placeholder for an id",
    reading(() => (piece) => (piece.id === "" || piece.id === "null" ? { ...piece, id: "placeholder" } : piece)),
  ],
  "the name again with each piece": [
    "joins names",
    (chunks) => {
      const sum = concatAll(chunks) as AIMessageChunk;
      const names = chunks.flatMap((chunk) => (chunk as AIMessageChunk).tool_call_chunks.map(({ name }) => name ?? ""));
      for (const call of sum.tool_calls) call.name = names.join("");
      return sum;
    },
  ],
  "another name with a later piece": [
    "takes the last name",
    (chunks) => {
      const sum = concatAll(chunks) as AIMessageChunk;
      const names = chunks.flatMap((chunk) => (chunk as AIMessageChunk).tool_call_chunks.map(({ name }) => name));
      const last = names.filter(Boolean).pop() ?? "";
      sum.tool_calls = sum.tool_calls.map((call) => ({ ...call, name: last }));
      return sum;
    },
  ],
  "the id again with each piece": [
    "opens a call for each id, new or not",
    reading(() => {
      let seen = 0;
      return (piece) => (piece.id ? { ...piece, id: `${piece.id}${seen++ === 0 ? "" : seen}` } : piece);
    }),
  ],
  "two calls in turns": [
    "goes on with the call that was opened last, whatever the index",
    reading(() => (piece) => (piece.id ? piece : { ...piece, index: undefined })),
  ],
  "an id and a name that come late": [
    "opens a call where an id comes",
    reading(() => (piece) => (piece.id ? { ...piece, index: undefined } : piece)),
  ],
  "a first index that is not 0, and gaps": [
    "takes the index for a place in the list of calls",
    (chunks) => {
      const sum = concatAll(chunks) as AIMessageChunk;
      const placed: AIMessageChunk["tool_calls"] = [];
      for (const [at, { index }] of sum.tool_call_chunks.entries()) placed[Number(index)] = sum.tool_calls[at] as never;
      sum.tool_calls = Array.from(placed, (call) => call ?? { name: "", args: {} });
      return sum;
    },
  ],
  "whole calls, without arguments or with them": [
    "takes a call without arguments for one that cannot be read",
    (chunks) => {
      const sum = concatAll(chunks) as AIMessageChunk;
      const pieces = sum.tool_call_chunks;
      sum.tool_calls = sum.tool_calls.filter((_, at) => pieces[at]?.args);
      return sum;
    },
  ],
};

/** Folds text and calls by their index alone. */
const swallowing: Folding = (chunks) => {
  const sum = concatAll(chunks) as AIMessageChunk;
  const isTaken = (index: unknown): boolean =>
    sum.tool_call_chunks.some((call) => index !== undefined && String(call.index) === String(index));
  if (typeof sum.content !== "string") sum.content = sum.content.filter(({ index }) => !isTaken(index));
  return sum;
};

for (const shape of shapes) {
  const [what, folding] = faultsOf[shape.what] as [string, Folding];
  const faults: Fault<Folding>[] = [[what, folding, /calls/]];
  if (shape.pieces.some(({ index }) => index === 0 || index === 1)) {
    faults.push(["mixes up text and calls of one index", swallowing, /text beside the calls/]);
  }
  proveLaw(`tool calls with ${shape.what} become what they are`, becomesItsCalls(shape), foldings, faults);
}

/** Pieces that meet often: of few calls, named in few ways. */
const fewNamed = fc.record(
  {
    id: fc.constantFrom("a", "b", ""),
    index: fc.constantFrom<(number | string)[]>(0, 0, 1, "0"),
    name: fc.constantFrom("f", "g"),
    args: fc.constantFrom("1", "2", ""),
    type: fc.constant("tool_call_chunk" as const),
  },
  { requiredKeys: [] },
);

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const foldsAlike = (folding: Folding) =>
  property(
    fc.array(fewNamed, { minLength: 2, maxLength: 8 }),
    fc.infiniteStream(fc.nat({ max: 3 })),
    (pieces, sizes) => {
      const chunks: AIMessageChunk[] = [];
      for (let at = 0; at < pieces.length; ) {
        const size = 1 + (sizes.next().value as number);
        chunks.push(new AIMessageChunk({ tool_call_chunks: structuredClone(pieces.slice(at, at + size)) }));
        at += size;
      }
      const whole = new AIMessageChunk({ tool_call_chunks: structuredClone(pieces) });
      const sum = folding(chunks);
      for (const field of ["tool_call_chunks", "tool_calls", "invalid_tool_calls"] as const) {
        expectSame(asJson(sum[field]), asJson(whole[field]), field);
      }
    },
  );

proveLaw(
  "pieces of calls come to the same calls, however they are spread over chunks",
  foldsAlike,
  foldings,
  [
    [
      "folds what each chunk brings before it adds it",
      (chunks) =>
        chunks.reduce((sum, chunk) => {
          const eager = structuredClone((chunk as AIMessageChunk).tool_call_chunks);
          const [left, right] = [structuredClone((sum as AIMessageChunk).tool_call_chunks), eager];
          return new AIMessageChunk({ tool_call_chunks: left }).concat(new AIMessageChunk({ tool_call_chunks: right }));
        }, new AIMessageChunk("")) as AIMessageChunk,
      /tool_call_chunks/,
    ],
    [
      "adds each chunk's calls as calls of their own",
      (chunks) => new AIMessageChunk({ tool_calls: chunks.flatMap((chunk) => (chunk as AIMessageChunk).tool_calls) }),
      /tool_call/,
    ],
  ],
  4,
);

/** The shapes that can be told apart in lists of a provider's own: each piece has an index, and the first has the id. */
const indexed = shapes.filter(
  ({ pieces, isOurRule }) => !isOurRule && pieces[0]?.id !== undefined && pieces.every(({ index }) => index != null),
);

/** The calls in OpenAI's shape that a sum has in its data. */
type RawFolding = (chunks: readonly BaseMessage[]) => unknown;

const staysRaw = (folding: RawFolding) =>
  property(fc.constantFrom(...indexed), ({ pieces, calls }) => {
    const chunks = pieces.map(({ name, args, id, index }) => {
      const call = { index, id, type: "function", function: { name: name ?? "", arguments: args ?? "" } };
      return new AIMessageChunk({ additional_kwargs: { tool_calls: [JSON.parse(JSON.stringify(call))] } });
    });
    const raw = folding(chunks) as { id: string; type: string; function: { name: string; arguments: string } }[];
    const read = raw.map((call) => [
      call.function.name,
      call.id,
      JSON.parse(call.function.arguments || "{}") as object,
    ]);
    expectSame(read, calls, "raw calls");
    expectSame(new Set(raw.map(({ type }) => type)), new Set(["function"]), "type of raw calls");
  });

const rawOf = (message: BaseMessage | undefined): unknown => message?.additional_kwargs.tool_calls;

proveLaw(
  "tool calls as they stand in a provider's data are summed likewise",
  staysRaw,
  foldings.map(([what, folding]) => [what, (chunks: readonly BaseMessage[]) => rawOf(folding(chunks))] as const),
  [
    [
      "joins all texts",
      (chunks) => {
        const [call] = rawOf(concatAll(chunks)) as [{ type: string }];
        return [{ ...call, type: "function".repeat(chunks.length) }];
      },
      /raw calls/,
    ],
    [
      "lets a placeholder take the place of an id",
      (chunks) => {
        const ids = chunks.flatMap((chunk) => (rawOf(chunk) as { id?: string }[]).map(({ id }) => id));
        const calls = rawOf(concatAll(chunks)) as { id: string }[];
        return calls.map((call) => (ids.includes("null") ? { ...call, id: "null" } : call));
      },
      /raw calls/,
    ],
    ["keeps pieces apart", (chunks) => chunks.flatMap((chunk) => rawOf(chunk)), /raw calls|JSON/],
  ],
);
