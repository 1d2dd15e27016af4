import { expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { HookedChatModel } from "../models.ts";

/** Nothing here may import the wiring of structured output. */
test("structured output that nobody imported says which import is missing", () => {
  const model = new HookedChatModel({ _generate: () => ({ generations: [{ text: "", message: new AIMessage("") }] }) });
  expect(() => model.withStructuredOutput({ type: "object" })).toThrow(
    expect.objectContaining({
      code: "NOT_WIRED",
      message: 'A model\'s structuredOutput is not wired. Import "linnet" once.',
    }),
  );
});
