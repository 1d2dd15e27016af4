import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import type { ContentBlock } from "../../../src/messages/content.ts";
import type { ToolMessageChunk } from "../../../src/messages/tool.ts";
import { concat } from "../../../src/streams/concat.ts";
import { moodyKind, toolKind } from "./arbitraries/chunks.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame, freezeDeep, objectsIn, scribbleOn, seen } from "./seen.ts";
import { concatenating, everyKind, type Sums, spoilt } from "./sums.ts";

const isAssociative = ({ kind: { chunk }, concat }: Sums) =>
  property(chunk, chunk, chunk, (a, b, c) => {
    expectSame(seen(concat(concat(a, b), c)), seen(concat(a, concat(b, c))), "(a + b) + c");
  });

proveLaw("a sum does not depend on how it is grouped", isAssociative, everyKind, [
  [
    "folds the calls of the right side before it adds them",
    concatenating((left, right) => {
      const eager = new AIMessageChunk({ ...right, tool_call_chunks: right.tool_call_chunks.slice() });
      return concat(new AIMessageChunk({ ...left, tool_call_chunks: left.tool_call_chunks.slice() }), eager);
    }),
    /\(a \+ b\) \+ c/,
  ],
  [
    "puts text after blocks into a block of its own",
    spoilt((sum, left, right) => {
      if (typeof right.content !== "string" || right.content === "" || typeof left.content === "string") return;
      sum.content = [...left.content, { type: "text", text: right.content }];
    }),
    /\(a \+ b\) \+ c/,
  ],
  [
    "counts the tokens of the right side twice",
    spoilt((sum, _left, { usage_metadata }) => {
      if (sum.usage_metadata) sum.usage_metadata.input_tokens += usage_metadata?.input_tokens ?? 0;
    }),
    /\(a \+ b\) \+ c/,
  ],
]);

const hasIdentity = ({ kind: { chunk, empty }, concat }: Sums) =>
  property(chunk, (a) => {
    expectSame(seen(concat(a, empty)), seen(a), "a + e");
    expectSame(seen(concat(empty, a)), seen(a), "e + a");
  });

proveLaw("the empty chunk adds nothing", hasIdentity, everyKind, [
  [
    "loses the name",
    spoilt((sum) => {
      sum.name = undefined;
    }),
    /a \+ e/,
  ],
  [
    "takes the name of the right side, if it has none too",
    spoilt((sum, _left, right) => {
      sum.name = right.name;
    }),
    /a \+ e/,
  ],
  [
    "keeps the name of the left side, if it has none too",
    spoilt((sum, left) => {
      sum.name = left.name;
    }),
    /e \+ a/,
  ],
  [
    "invents a usage where nobody told one",
    spoilt((sum) => {
      sum.usage_metadata ??= { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
    }),
    /a \+ e/,
  ],
  [
    "makes a block of an empty text",
    spoilt((sum, left, right) => {
      if (typeof left.content === "string" || right.content !== "") return;
      sum.content = [...left.content, { type: "text", text: "" }];
    }),
    /a \+ e/,
  ],
  [
    "folds pieces of calls without what they were folded from",
    concatenating((left, right) => {
      const refolded = new AIMessageChunk({ ...right, tool_call_chunks: right.tool_call_chunks.slice() });
      return concat(left, refolded);
    }),
    /e \+ a/,
  ],
  [
    "says that a tool succeeded where nobody said so",
    spoilt((sum) => {
      const answer = sum as unknown as ToolMessageChunk;
      answer.status ??= "success";
    }, toolKind),
    /a \+ e/,
  ],
  [
    "forgets a class of one's own",
    concatenating((left, right) => concat(new AIMessageChunk({ ...left }), right), moodyKind),
    /a \+ e/,
  ],
]);

const leavesOperands = ({ kind: { chunk }, concat }: Sums) =>
  property(chunk, chunk, (a, b) => {
    const before = [seen(a), seen(b)];
    const sum = seen(concat(a, b));
    expectSame([seen(a), seen(b)], before, "operands after");
    let again: BaseMessage;
    try {
      again = concat(freezeDeep(a), freezeDeep(b));
    } catch (error) {
      throw new Error(`frozen operands: ${String(error)}`, { cause: error });
    }
    expectSame(seen(again), sum, "frozen operands");
  });

proveLaw("operands stay as they were", leavesOperands, everyKind, [
  [
    "adds to the content of the left side in place",
    spoilt((_sum, { content }, right) => {
      if (typeof content !== "string" && typeof right.content !== "string") content.push(...right.content);
    }),
    /operands after|frozen operands/,
  ],
  [
    "adds to the data of the left side in place",
    spoilt((sum, left) => {
      Object.assign(left.additional_kwargs, sum.additional_kwargs);
    }),
    /operands after|frozen operands/,
  ],
  [
    "writes down in the right side that it was added",
    spoilt((_sum, _left, right) => {
      right.response_metadata.isAdded = true;
    }),
    /operands after/,
  ],
  [
    "joins the pieces of calls in place",
    spoilt((sum, left) => {
      const [call] = left.tool_call_chunks;
      if (call !== undefined) call.args = sum.tool_call_chunks[0]?.args;
    }),
    /operands after|frozen operands/,
  ],
  [
    "remembers sums in a field of the left side",
    spoilt((sum, left) => {
      Object.defineProperty(left, "lastSum", { value: sum, configurable: true, writable: true });
    }),
    /frozen operands/,
  ],
]);

const sharesNothing = ({ kind: { chunk }, concat }: Sums) =>
  property(chunk, chunk, (a, b) => {
    const operands = objectsIn([a, b]);
    const sum = concat(a, b);
    const then = seen(sum);
    for (const object of objectsIn(sum)) {
      if (operands.has(object)) throw new Error(`shared object ${JSON.stringify(object)}`);
      if (Object.isFrozen(object)) throw new Error(`frozen object ${JSON.stringify(object)}`);
    }
    scribbleOn(a);
    scribbleOn(b);
    expectSame(seen(sum), then, "sum after writing to the operands");
  });

proveLaw("a sum shares nothing with its operands that can be written to", sharesNothing, everyKind, [
  [
    "gives back the left side where the right one is empty",
    concatenating((left, right) => (right.content.length === 0 ? left : concat(left, right))),
    /shared object/,
  ],
  [
    "takes metadata over as it is where only one side has some",
    spoilt((sum, left, right) => {
      if (Object.keys(left.response_metadata).length === 0) sum.response_metadata = right.response_metadata;
    }),
    /shared object/,
  ],
  [
    "copies no deeper than the first level",
    spoilt((sum, _left, { additional_kwargs }) => {
      if (additional_kwargs.deep !== undefined) sum.additional_kwargs = { ...additional_kwargs };
    }),
    /shared object/,
  ],
  [
    "takes blocks over as they are",
    spoilt((sum, left, right) => {
      if (left.content === "") sum.content = right.content.slice() as ContentBlock[];
    }),
    /shared object/,
  ],
  [
    "takes whole calls over as they are",
    spoilt((sum, left, right) => {
      if (sum.tool_call_chunks.length === 0) sum.tool_calls = [...left.tool_calls, ...right.tool_calls];
    }),
    /shared object/,
  ],
  [
    "freezes what it gives",
    spoilt((sum) => {
      Object.freeze(sum.additional_kwargs);
    }),
    /frozen object/,
  ],
]);
