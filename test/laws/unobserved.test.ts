import { EventEmitter } from "eventemitter3";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatParrotLink, ChatPromptTemplate, StringOutputParser } from "../../src/entries/index.ts";
import { countControllers } from "../helpers/signals.ts";

/** How often each seam was passed through. */
const seams = vi.hoisted(() => ({ runs: 0, managers: 0, ids: 0 }));

vi.mock("../../src/callbacks/run-manager.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/callbacks/run-manager.ts")>();
  abstract class CountedRunManager extends original.BaseRunManager {
    constructor(...given: ConstructorParameters<typeof original.BaseRunManager>) {
      super(...given);
      seams.runs += 1;
    }
  }
  return { ...original, BaseRunManager: CountedRunManager };
});

vi.mock("../../src/callbacks/base-callback-manager.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/callbacks/base-callback-manager.ts")>();
  class CountedCallbackManager extends original.BaseCallbackManager {
    constructor(...given: ConstructorParameters<typeof original.BaseCallbackManager>) {
      super(...given);
      seams.managers += 1;
    }
  }
  return { ...original, BaseCallbackManager: CountedCallbackManager };
});

vi.mock("../../src/callbacks/run-id.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/callbacks/run-id.ts")>();
  return {
    ...original,
    newRunId: () => {
      seams.ids += 1;
      return original.newRunId();
    },
  };
});

const chain = ChatPromptTemplate.fromMessages([
  ["system", "Say it again"],
  ["human", "{word}"],
])
  .pipe(new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 }))
  .pipe(new StringOutputParser());

async function read(stream: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

describe("1,000 chain streams that nobody observes", () => {
  const emit = vi.spyOn(EventEmitter.prototype, "emit");

  beforeEach(() => {
    Object.assign(seams, { runs: 0, managers: 0, ids: 0 });
    emit.mockClear();
  });

  afterAll(() => {
    emit.mockRestore();
  });

  it("emit nothing, make no run, manager or abort controller, and draw an id each", async () => {
    const controllers = await countControllers(async () => {
      for (let count = 0; count < 1_000; count += 1) {
        expect(await read(await chain.stream({ word: "hello" }))).toBe("hel");
      }
    });
    expect({ ...seams, controllers, emitted: emit.mock.calls.length }).toEqual({
      runs: 0,
      managers: 0,
      ids: 1_000,
      controllers: 0,
      emitted: 0,
    });
  });

  it("nor do they side by side, by astream, or when their readers leave", async () => {
    const controllers = await countControllers(async () => {
      const texts = await Promise.all(Array.from({ length: 500 }, () => read(chain.astream({ word: "hello" }))));
      expect(new Set(texts)).toEqual(new Set(["hel"]));
      for (let count = 0; count < 500; count += 1) {
        for await (const _chunk of chain.astream({ word: "hello" })) break;
      }
    });
    expect({ ...seams, controllers, emitted: emit.mock.calls.length }).toEqual({
      runs: 0,
      managers: 0,
      ids: 1_000,
      controllers: 0,
      emitted: 0,
    });
  });

  it("but the counters do count, where somebody observes", async () => {
    const told = vi.fn();
    const controllers = await countControllers(async () => {
      await read(await chain.stream({ word: "hello" }, { callbacks: [{ handleLLMNewToken: told }] }));
      const { CancelScope } = await import("../../src/streams/cancel-scope.ts");
      void new CancelScope().signal;
    });
    expect(told).toHaveBeenCalledTimes(4);
    expect(seams.runs).toBe(4);
    expect(seams.managers).toBeGreaterThan(0);
    expect(seams.ids).toBe(4);
    expect(emit.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(controllers).toBe(1);
  });
});
