import { expect, test } from "vitest";
import { isRaised, noteRaised } from "../../src/callbacks/raised-errors.ts";

test("what a handler with raiseError threw is known again, if it is an object", () => {
  const error = new Error("handler");
  noteRaised(error);
  noteRaised("text");
  noteRaised(null);
  expect(isRaised(error)).toBe(true);
  for (const other of [new Error("handler"), "text", null, undefined]) expect(isRaised(other)).toBe(false);
});
