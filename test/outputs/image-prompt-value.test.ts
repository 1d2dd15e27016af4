import { expect, it } from "vitest";
import type { HumanMessage } from "../../src/messages/human.ts";
import { ImagePromptValue } from "../../src/outputs/image-prompt-value.ts";
import { BasePromptValue } from "../../src/outputs/prompt-value.ts";

it("an image as a prompt is its URL as text, and a message with it", () => {
  const image = { url: "https://x.y/z.jpg", detail: "low" } as const;
  for (const value of [new ImagePromptValue(image), new ImagePromptValue({ imageUrl: image })]) {
    expect(value).toBeInstanceOf(BasePromptValue);
    expect(value.toString()).toBe(image.url);
    expect(value.value).toBe(image.url);
    const [message] = value.toChatMessages();
    expect(message?.type).toBe("human");
    expect(message?.content).toEqual([{ type: "image_url", image_url: image }]);
  }
});

it("an image is not shared with the messages that are made of it", () => {
  const value = new ImagePromptValue({ url: "first" });
  const [message] = value.toChatMessages() as [HumanMessage];
  const [block] = message.content as unknown as [{ image_url: { url: string } }];
  block.image_url.url = "second";
  expect(value.imageUrl.url).toBe("first");
});

it("an image names its class in the stored form", () => {
  expect(new ImagePromptValue({ url: "x" }).toJSON()).toEqual({
    lc: 1,
    type: "constructor",
    id: ["langchain_core", "prompt_values", "ImagePromptValue"],
    kwargs: { image_url: { url: "x" } },
  });
});
