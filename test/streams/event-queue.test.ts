import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { EventQueue, QUEUE_LIMIT } from "../../src/streams/event-queue.ts";
import { outcomeOf } from "../helpers/timing.ts";

function filled(count: number): { queue: EventQueue<number>; rooms: unknown[] } {
  const queue = new EventQueue<number>();
  const rooms = Array.from({ length: count }, (_, index) => queue.push(index));
  return { queue, rooms };
}

describe("EventQueue", () => {
  it("gives items in the order in which they came, and counts them", () => {
    const { queue } = filled(3);
    expect(queue.size).toBe(3);
    expect([queue.shift(), queue.shift()]).toEqual([0, 1]);
    expect(queue.size).toBe(1);
    queue.push(3);
    expect([queue.shift(), queue.shift()]).toEqual([2, 3]);
    expect(queue.size).toBe(0);
  });

  it("lets a producer be 64 items ahead, and then makes it wait", () => {
    expect(QUEUE_LIMIT).toBe(64);
    const { rooms } = filled(65);
    expect(rooms.slice(0, 63).every((room) => room === undefined)).toBe(true);
    expect(rooms[63]).toBeInstanceOf(Promise);
    expect(rooms[64]).toBe(rooms[63]);
  });

  it("loses nothing that is pushed by a producer that does not wait", () => {
    const { queue } = filled(1_000);
    expect(Array.from({ length: 1_000 }, () => queue.shift())).toEqual(
      Array.from({ length: 1_000 }, (_, index) => index),
    );
  });

  it("lets the producer go on once the reader has caught up, not before", async () => {
    const { queue, rooms } = filled(66);
    const room = rooms[63] as Promise<void>;
    queue.shift();
    queue.shift();
    expect(queue.size).toBe(64);
    expect(await outcomeOf(room)).toBe("pending");
    queue.shift();
    expect(await outcomeOf(room)).toEqual({ value: undefined });
  });

  it("makes a new room after an old one was opened", async () => {
    const { queue, rooms } = filled(64);
    queue.shift();
    const second = queue.push(64);
    expect(second).toBeInstanceOf(Promise);
    expect(second).not.toBe(rooms[63]);
    expect(await outcomeOf(second as Promise<void>)).toBe("pending");
  });

  it("calls back once, at the next item, with that item in the queue", () => {
    const queue = new EventQueue<number>();
    const callback = vi.fn(() => queue.size);
    queue.onNextItem(callback);
    expect(callback).not.toHaveBeenCalled();
    queue.push(1);
    queue.push(2);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(callback).toHaveReturnedWith(1);
  });

  it("holds the producer by what is left after the reader's callback took its item", () => {
    const { queue } = filled(63);
    queue.onNextItem(() => queue.shift());
    expect(queue.push(63)).toBeUndefined();
  });

  it("drops everything when closed, and lets the waiting producer go on", async () => {
    const { queue, rooms } = filled(64);
    const callback = vi.fn();
    queue.onNextItem(callback);
    queue.close();
    expect(queue.size).toBe(0);
    expect(await outcomeOf(rooms[63] as Promise<void>)).toEqual({ value: undefined });
    expect(queue.push(64)).toBeUndefined();
    expect(queue.size).toBe(0);
    expect(callback).not.toHaveBeenCalled();
    queue.close();
  });

  it("equals a plain list, whatever the order of pushes and shifts", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { maxLength: 40 }), (bursts) => {
        const queue = new EventQueue<number>();
        const model: number[] = [];
        let next = 0;
        for (const [turn, burst] of bursts.entries()) {
          for (let count = 0; count < burst; count += 1) {
            if (turn % 2 === 0) {
              model.push(next);
              queue.push(next);
              next += 1;
            } else if (model.length > 0) {
              expect(queue.shift()).toBe(model.shift());
            }
          }
          expect(queue.size).toBe(model.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
