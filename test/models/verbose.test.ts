import { afterEach, describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { setVerboseHandler } from "../../src/callbacks/verbose-handler.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { collect } from "../helpers/steps.ts";

function parrot(verbose?: boolean): ChatParrotLink {
  return new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3, verbose });
}

describe("a verbose model", () => {
  afterEach(() => setVerboseHandler(undefined));

  it("has each of its runs told to the console handler, and no others", async () => {
    const calls: Call[] = [];
    setVerboseHandler(() => ({ ...recordingHandler(calls), name: "console" }));
    await RunnableLambda.from((text: string) => text)
      .pipe(parrot(true))
      .invoke("abc");
    expect(calls.map(([method]) => method)).toEqual(["handleChatModelStart", "handleLLMEnd"]);
    calls.length = 0;
    await collect(await parrot(true).stream("ab"));
    expect(calls.map(([method]) => method)).toContain("handleLLMNewToken");
    calls.length = 0;
    await parrot().invoke("abc");
    await parrot(false).invoke("abc");
    expect(calls).toEqual([]);
  });

  it("is refused where no console handler was imported, with the import that has it", async () => {
    await expect(parrot(true).invoke("abc")).rejects.toMatchObject({
      code: "NOT_WIRED",
      message: expect.stringContaining('Import "linnet'),
    });
  });
});
