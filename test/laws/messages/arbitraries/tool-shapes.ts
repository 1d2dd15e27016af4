import type { ToolCallChunk } from "../../../../src/messages/tool-call.ts";

/** A tool call as a provider streams it, and what it has to come to: name, id and arguments of each call. */
export interface Shape {
  readonly what: string;
  readonly pieces: readonly ToolCallChunk[];
  readonly calls: readonly (readonly [name: string, id: string, args: object])[];
  /** Whether it is only for pieces of calls that the rules say what comes of it, and not for a provider's own lists. */
  readonly isOurRule?: true;
}

/** The shapes that providers are known to send, and that libraries of this kind have got wrong. */
export const shapes: readonly Shape[] = [
  {
    what: "an index alone after the first piece",
    pieces: [
      { name: "f", args: "", id: "a", index: 0 },
      { args: '{"x":', index: 0 },
      { args: "1}", index: 0 },
    ],
    calls: [["f", "a", { x: 1 }]],
  },
  {
    what: "neither index nor id after the first piece",
    pieces: [
      { name: "f", args: '{"x"', id: "a" },
      { args: ":1}" },
      { name: "g", args: '{"y"', id: "b" },
      { args: ":2}" },
    ],
    calls: [
      ["f", "a", { x: 1 }],
      ["g", "b", { y: 2 }],
    ],
  },
  {
    what: "an index as a text and as a number",
    pieces: [
      { name: "f", args: '{"x"', id: "a", index: "0" },
      { args: ":1", index: 0 },
      { name: "g", args: '{"y"', id: "b", index: 1 },
      { args: "}", index: 0 },
      { args: ":2}", index: "1" },
    ],
    calls: [
      ["f", "a", { x: 1 }],
      ["g", "b", { y: 2 }],
    ],
  },
  {
    what: "one index for several calls",
    pieces: [
      { name: "f", args: '{"x"', id: "a", index: 0 },
      { args: ":1}", index: 0 },
      { name: "g", args: '{"y"', id: "b", index: 0 },
      { args: ":2}", index: 0 },
    ],
    calls: [
      ["f", "a", { x: 1 }],
      ["g", "b", { y: 2 }],
    ],
  },
  {
    what: "placeholders for the id",
    pieces: [
      { name: "f", args: '{"x"', id: "a", index: 0 },
      { args: ":", id: "", index: 0 },
      { args: "1", id: "null", index: 0 },
      { args: "}", id: null as never, index: 0 },
    ],
    calls: [["f", "a", { x: 1 }]],
  },
  {
    what: "the name again with each piece",
    pieces: [
      { name: "f", args: '{"x"', id: "a", index: 0 },
      { name: "f", args: ":1", index: 0 },
      { name: "", args: "}", index: 0 },
    ],
    calls: [["f", "a", { x: 1 }]],
  },
  {
    what: "another name with a later piece",
    pieces: [
      { name: "f", args: '{"x"', id: "a", index: 0 },
      { name: "g", args: ":1}", index: 0 },
    ],
    calls: [["f", "a", { x: 1 }]],
    isOurRule: true,
  },
  {
    what: "the id again with each piece",
    pieces: [
      { name: "f", args: '{"x"', id: "a" },
      { args: ":1", id: "a" },
      { name: "g", args: '{"y":2}', id: "b" },
      { args: "}", id: "a" },
    ],
    calls: [
      ["f", "a", { x: 1 }],
      ["g", "b", { y: 2 }],
    ],
  },
  {
    what: "two calls in turns",
    pieces: [
      { name: "f", args: "", id: "a", index: 0 },
      { name: "g", args: "", id: "b", index: 1 },
      { args: '{"x"', index: 0 },
      { args: '{"y"', index: 1 },
      { args: ":1}", index: 0 },
      { args: ":2}", index: 1 },
    ],
    calls: [
      ["f", "a", { x: 1 }],
      ["g", "b", { y: 2 }],
    ],
  },
  {
    what: "an id and a name that come late",
    pieces: [
      { args: "{", index: 0 },
      { name: "f", args: '"x"', index: 0 },
      { args: ":1}", id: "a", index: 0 },
    ],
    calls: [["f", "a", { x: 1 }]],
  },
  {
    what: "a first index that is not 0, and gaps",
    pieces: [
      { name: "f", args: '{"x":1}', id: "a", index: 2 },
      { name: "g", args: '{"y"', id: "b", index: 5 },
      { args: ":2}", index: 5 },
    ],
    calls: [
      ["f", "a", { x: 1 }],
      ["g", "b", { y: 2 }],
    ],
  },
  {
    what: "whole calls, without arguments or with them",
    pieces: [
      { name: "f", args: "", id: "a", index: 0 },
      { name: "g", args: '{"y":2}', id: "b", index: 1 },
      { name: "h", id: "c", index: 2 },
    ],
    calls: [
      ["f", "a", {}],
      ["g", "b", { y: 2 }],
      ["h", "c", {}],
    ],
  },
];
