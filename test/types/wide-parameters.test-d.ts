import { describe, expectTypeOf, test } from "vitest";
import type {
  BaseChatModel,
  BasePromptTemplate,
  ChatParrotLink,
  ChatPromptTemplate,
  FewShotPromptTemplate,
  PromptTemplate,
  Runnable,
} from "../../src/entries/index.ts";

describe("functions that take any of a kind", () => {
  test("take prompts, whatever their variables are", () => {
    expectTypeOf<ChatPromptTemplate<{ question: unknown }>>().toExtend<BasePromptTemplate>();
    expectTypeOf<PromptTemplate<{ x: unknown; y: string }>>().toExtend<BasePromptTemplate>();
    expectTypeOf<FewShotPromptTemplate>().toExtend<BasePromptTemplate>();
  });

  test("take models and prompts as runnables", () => {
    expectTypeOf<ChatParrotLink>().toExtend<BaseChatModel>();
    expectTypeOf<ChatParrotLink>().toExtend<Runnable<never>>();
    expectTypeOf<ChatPromptTemplate<{ question: unknown }>>().toExtend<Runnable<{ question: unknown }>>();
  });

  test("do not take one kind for the other", () => {
    expectTypeOf<ChatParrotLink>().not.toExtend<BasePromptTemplate>();
  });
});
