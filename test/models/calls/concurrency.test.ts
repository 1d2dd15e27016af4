import { describe, expect, test } from "vitest";
import { collect } from "../../golden/transcript.ts";
import { chatChunk, HookedChatModel, result } from "../models.ts";
import "../../../src/models/generate/wiring.ts";

/** A model whose requests are answered by hand. */
function byHand(fields: Record<string, unknown> = {}) {
  const requests: { answer(): void; fail(error: Error): void }[] = [];
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => void requests.push({ answer: resolve, fail: reject }));
  const model = new HookedChatModel({
    maxConcurrency: 2,
    _generate: async () => {
      await open();
      return result("ok");
    },
    async *_stream() {
      await open();
      yield chatChunk("a");
      await open();
      yield chatChunk("b");
    },
    ...fields,
  });
  return { model, requests };
}

/** Lets everything happen that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe("maxConcurrency", () => {
  test("lets so many requests be under way, and the others wait in their order", async () => {
    const { model, requests } = byHand();
    const done: number[] = [];
    const calls = [0, 1, 2, 3].map((place) => model.invoke("x").then(() => done.push(place)));
    await settle();
    expect(requests).toHaveLength(2);
    requests[1]?.answer();
    await settle();
    expect(requests).toHaveLength(3);
    requests[0]?.fail(new Error("broken"));
    calls[0]?.catch(() => undefined);
    await settle();
    expect(requests).toHaveLength(4);
    requests[2]?.answer();
    requests[3]?.answer();
    await Promise.allSettled(calls);
    expect(done).toEqual([1, 2, 3]);
  });

  test("counts a stream until its end", async () => {
    const { model, requests } = byHand({ maxConcurrency: 1 });
    const stream = model.stream("x").then((opened) => collect(opened));
    const call = model.invoke("x");
    await settle();
    requests[0]?.answer();
    await settle();
    requests[1]?.answer();
    await stream;
    await settle();
    expect(requests).toHaveLength(3);
    requests[2]?.answer();
    expect((await call).text).toBe("ok");
  });

  test.each<[string, (model: HookedChatModel) => Promise<unknown>]>([
    [
      "a stream that is left",
      async (model) => {
        const stream = model.astream("x");
        const reading = stream.next();
        await settle();
        await stream.return();
        await reading;
      },
    ],
    ["a call that is aborted", (model) => abort((signal) => model.invoke("x", { signal }))],
    ["a stream that is aborted", (model) => abort((signal) => model.stream("x", { signal }))],
    [
      "one that is left while it waits",
      async (model) => {
        const controller = new AbortController();
        const first = model.invoke("x", controller);
        const stream = model.astream("x");
        const reading = stream.next();
        const waiting = model.invoke("x", controller);
        await settle();
        controller.abort();
        await stream.return();
        await reading;
        await Promise.allSettled([first, waiting]);
      },
    ],
  ])("is given back by %s", async (_what, end) => {
    const { model, requests } = byHand({ maxConcurrency: 1 });
    await end(model);
    const count = requests.length;
    const call = model.invoke("x");
    await settle();
    expect(requests).toHaveLength(count + 1);
    requests.at(-1)?.answer();
    expect((await call).text).toBe("ok");
  });

  test("is given back by a stream that is left in the very moment in which its turn comes", async () => {
    for (let turns = 0; turns < 25; turns += 1) {
      let open = 0;
      let grant: () => void = () => undefined;
      const rateLimiter = {
        acquire: () =>
          new Promise<boolean>((resolve) => {
            grant = () => resolve(true);
          }),
      };
      const model = new HookedChatModel({
        maxConcurrency: 1,
        rateLimiter,
        _generate: () => result("ok"),
        async *_stream() {
          open += 1;
          try {
            yield chatChunk("a");
          } finally {
            open -= 1;
          }
        },
      });
      const stream = model.astream("x");
      const reading = stream.next();
      await settle();
      grant();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      await stream.return();
      await reading;
      await settle();
      expect(open).toBe(0);
      const call = model.invoke("x");
      await settle();
      grant();
      expect((await call).text).toBe("ok");
    }
  });

  test("is given back by a hook that throws at once", async () => {
    let calls = 0;
    const hook = (): never => {
      calls += 1;
      throw new Error("broken");
    };
    const model = new HookedChatModel({ maxConcurrency: 1, _generate: hook, _stream: hook });
    for (let call = 0; call < 2; call += 1) {
      await expect(model.invoke("x")).rejects.toThrow("broken");
      await expect(model.stream("x")).rejects.toThrow("broken");
    }
    expect(calls).toBe(4);
  });

  test("holds for what is bound to the model, batches and generate alike", async () => {
    let open = 0;
    let most = 0;
    const model = new HookedChatModel({
      maxConcurrency: 3,
      _generate: async () => {
        open += 1;
        most = Math.max(most, open);
        await settle();
        open -= 1;
        return result("ok");
      },
    });
    const texts = ["a", "b", "c", "d", "e"];
    await Promise.all([
      model.batch(texts),
      model.withConfig({ tags: ["t"] }).batch(texts),
      model.generate(texts.map((text) => [text])),
    ]);
    expect([most, open]).toEqual([3, 0]);
  });

  test("may be changed, and may be without a bound", async () => {
    const { model, requests } = byHand({ maxConcurrency: Number.POSITIVE_INFINITY });
    const calls = ["a", "b", "c"].map((text) => model.invoke(text));
    await settle();
    expect(requests).toHaveLength(3);
    model.maxConcurrency = 1;
    calls.push(model.invoke("d"), model.invoke("e"));
    await settle();
    expect(requests).toHaveLength(4);
    for (let place = 0; place < 5; place += 1) {
      requests[place]?.answer();
      await settle();
    }
    expect(await Promise.all(calls)).toHaveLength(5);
  });

  test.each([0, -1, Number.NaN])("of %j is refused", (maxConcurrency) => {
    expect(() => new HookedChatModel({ maxConcurrency })).toThrow("maxConcurrency to be at least 1");
  });
});

async function abort(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const outcome = call(controller.signal);
  await settle();
  controller.abort();
  await expect(outcome).rejects.toMatchObject({ name: "AbortError" });
  await settle();
}
