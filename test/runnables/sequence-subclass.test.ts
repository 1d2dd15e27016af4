import { expect, test } from "vitest";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import "../../src/runnables/wiring.ts";

test("a subclass of a sequence that is piped on keeps the verb it replaced", async () => {
  class Doubling extends RunnableSequence<number, number> {
    override async invoke(input: number): Promise<number> {
      return 2 * (await super.invoke(input));
    }
  }
  const first = RunnableLambda.from((x: number) => x + 1);
  const last = RunnableLambda.from((x: number) => x + 10);
  const doubling = new Doubling({ first, last });
  expect(await doubling.invoke(1)).toBe(24);
  expect(await doubling.pipe((x) => x + 0.5).invoke(1)).toBe(24.5);
});
