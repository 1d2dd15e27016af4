import { expect, it } from "vitest";
import { allClosed } from "../../src/streams/close-all.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

it("waits for all closings, whatever becomes of them, and makes no promise where there is nothing to wait for", async () => {
  expect(allClosed([])).toBeUndefined();
  expect(allClosed([undefined, undefined])).toBeUndefined();
  const [one, other] = [defer(), defer()];
  const closed = allClosed([one.promise, undefined, other.promise]) as PromiseLike<void>;
  one.reject(new Error("not closed"));
  expect(await outcomeOf(closed)).toBe("pending");
  other.resolve();
  expect(await outcomeOf(closed)).toEqual({ value: undefined });
});
