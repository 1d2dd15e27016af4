import { describe, expect, it, vi } from "vitest";
import type { EventObserver } from "../../src/events/event-observer.ts";
import { EventSource } from "../../src/events/event-source.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../../src/streams/maybe-promise.ts";
import { ListSource, ManualSource, pullOnce } from "../helpers/sources.ts";
import { outcomeOf, settle } from "../helpers/timing.ts";

const event = (name: string): StreamEvent =>
  ({ event: "on_custom_event", name, run_id: "", tags: [], metadata: {}, data: {} }) as StreamEvent;

/** Events that a test pushes by hand, over a root that it answers by hand. */
function pushed(): {
  source: EventSource<StreamEvent>;
  root: ManualSource;
  push: (event: StreamEvent) => MaybePromise<void>;
  observer: Record<"rootChunk" | "rootEnded" | "rootFailed", ReturnType<typeof vi.fn>>;
  open: ReturnType<typeof vi.fn>;
} {
  let push: (event: StreamEvent) => MaybePromise<void> = () => undefined;
  const root = new ManualSource();
  const observer = { rootChunk: vi.fn(), rootEnded: vi.fn(), rootFailed: vi.fn() };
  const open = vi.fn(() => new IterableReadableStream(() => root));
  const source = new EventSource<StreamEvent>((given) => {
    push = given;
    return observer as unknown as EventObserver;
  }, open);
  return { source, root, push: (told) => push(told), observer, open };
}

describe("EventSource", () => {
  it("opens the root at its first pull, with its observer, and pulls it while there is nothing to tell", async () => {
    const { source, root, push, observer, open } = pushed();
    expect(open).not.toHaveBeenCalled();
    const first = pullOnce(source);
    expect(open.mock.calls).toEqual([[observer]]);
    expect(root.pulls).toBe(1);
    void push(event("a"));
    expect(first.answers).toEqual([["item", event("a")]]);
    // The root has not answered yet: no second pull.
    pullOnce(source);
    expect(root.pulls).toBe(1);
    root.item(1);
    await settle();
    expect(root.pulls).toBe(2);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("gives what is queued without pulling the root", () => {
    const { source, root, push } = pushed();
    const first = pullOnce(source);
    void push(event("a"));
    void push(event("b"));
    expect(first.answers).toHaveLength(1);
    expect(pullOnce(source).answers).toEqual([["item", event("b")]]);
    expect(root.pulls).toBe(1);
  });

  it("tells its observer of each chunk of the root by number, and of its end", async () => {
    const { source, root, observer } = pushed();
    const sink = pullOnce(source);
    root.item("x");
    await settle();
    root.item("y");
    await settle();
    expect(observer.rootChunk.mock.calls).toEqual([
      ["x", 1],
      ["y", 2],
    ]);
    expect(observer.rootEnded).not.toHaveBeenCalled();
    root.end();
    await settle();
    expect(observer.rootEnded).toHaveBeenCalledTimes(1);
    expect(sink.answers).toEqual([["end"]]);
  });

  it("gives all events before the end, and before the failure", async () => {
    for (const isFailing of [false, true]) {
      const { source, root, push, observer } = pushed();
      const error = new Error("broken");
      const first = pullOnce(source);
      void push(event("a"));
      void push(event("b"));
      if (isFailing) root.fail(error);
      else root.end();
      await settle();
      expect(first.answers).toEqual([["item", event("a")]]);
      expect(pullOnce(source).answers).toEqual([["item", event("b")]]);
      expect(pullOnce(source).answers).toEqual(isFailing ? [["fail", error]] : [["end"]]);
      expect(observer.rootEnded).toHaveBeenCalledTimes(isFailing ? 0 : 1);
      expect(observer.rootFailed.mock.calls).toEqual(isFailing ? [[error]] : []);
    }
  });

  it("gives what its observer makes of the end, and of the failure, before it", async () => {
    for (const isFailing of [false, true]) {
      const { source, root, push, observer } = pushed();
      const tell = (): void => void push(event("last"));
      observer.rootEnded.mockImplementation(tell);
      observer.rootFailed.mockImplementation(tell);
      const sink = pullOnce(source);
      const error = new Error("broken");
      if (isFailing) root.fail(error);
      else root.end();
      await settle();
      expect(sink.answers).toEqual([["item", event("last")]]);
      expect(pullOnce(source).answers).toEqual(isFailing ? [["fail", error]] : [["end"]]);
    }
  });

  it("asks no observer that does not care of a failure", async () => {
    const root = new ManualSource();
    const observer = { rootChunk: vi.fn(), rootEnded: vi.fn() } as unknown as EventObserver;
    const source = new EventSource<StreamEvent>(
      () => observer,
      () => new IterableReadableStream(() => root),
    );
    const sink = pullOnce(source);
    root.fail("broken");
    await settle();
    expect(sink.answers).toEqual([["fail", "broken"]]);
  });

  it("holds up whoever is 64 events ahead", async () => {
    const { source, push } = pushed();
    pullOnce(source);
    const rooms = Array.from({ length: 66 }, (_, index) => push(event(`${index}`)));
    // The first went to the reader.
    expect(rooms.slice(0, 64).every((room) => room === undefined)).toBe(true);
    const room = rooms[64] as Promise<void>;
    pullOnce(source);
    expect(await outcomeOf(room)).toBe("pending");
    pullOnce(source);
    expect(await outcomeOf(room)).toEqual({ value: undefined });
  });

  it("leaves the root when closed, drops what is queued, lets producers go on, and answers nothing more", async () => {
    const { source, root, push } = pushed();
    const first = pullOnce(source);
    await source.close();
    expect(root.closes).toHaveLength(1);
    expect(push(event("late"))).toBeUndefined();
    await settle();
    expect(first.answers).toEqual([]);
    await source.close();
    expect(root.closes).toHaveLength(1);
  });

  it("reads past any number of root chunks that are there at once and make no event", async () => {
    const observer = { rootChunk: vi.fn(), rootEnded: vi.fn() };
    const source = new EventSource<StreamEvent>(
      () => observer as unknown as EventObserver,
      () => new IterableReadableStream(() => new ListSource(Array.from({ length: 20_000 }, (_, place) => place))),
    );
    const { answers } = pullOnce(source);
    await settle();
    expect(answers).toEqual([["end"]]);
    expect(observer.rootChunk).toHaveBeenCalledTimes(20_000);
    expect(observer.rootChunk).toHaveBeenLastCalledWith(19_999, 20_000);
    expect(observer.rootEnded).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["ends", undefined, ["end"]],
    ["fails", new Error("broken"), ["fail", new Error("broken")]],
  ])("takes a root that is no stream of ours, and %s", async (_how, failure, last) => {
    const observer = { rootChunk: vi.fn(), rootEnded: vi.fn(), rootFailed: vi.fn() };
    async function* root(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      if (failure !== undefined) throw failure;
    }
    const source = new EventSource<StreamEvent>(
      () => observer as unknown as EventObserver,
      () => root() as unknown as IterableReadableStream<unknown>,
    );
    const { answers } = pullOnce(source);
    await settle();
    expect(answers).toEqual([last]);
    expect(observer.rootChunk.mock.calls).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(observer.rootFailed.mock.calls).toEqual(failure === undefined ? [] : [[failure]]);
  });

  it("opens nothing where it is closed before its first pull", () => {
    const { source, open } = pushed();
    expect(source.close()).toBeUndefined();
    expect(open).not.toHaveBeenCalled();
  });
});
