import { describe, expect, test } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import { toOpenAIPart } from "../../../src/messages/openai/to-openai-parts.ts";

const image = (url: string, detail?: string): object => ({
  type: "image_url",
  image_url: detail === undefined ? { url } : { url, detail },
});
const file = (fields: object): object => ({ type: "file", file: fields });

describe("a part in OpenAI's form", () => {
  test.each([
    [{ type: "text", text: "a" }],
    [{ type: "text", text: "" }],
    [{ type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }],
    [{ type: "refusal", refusal: "no" }],
    [image("u", "high")],
    [{ type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } }],
    [file({ file_id: "1" })],
    [file({ file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" })],
  ])("stays as it is: %j", (part) => {
    const made = toOpenAIPart(part, false);
    expect(made).toStrictEqual(part);
    expect(made).not.toBe(part);
  });

  test("shares nothing with what it was made of", () => {
    const part = { type: "image_url", image_url: { url: "u" } };
    const unknown = { type: "video_url", video_url: { url: "u" } };
    expect(toOpenAIPart(part, true)?.image_url).not.toBe(part.image_url);
    expect(toOpenAIPart(unknown, true)?.video_url).not.toBe(unknown.video_url);
  });

  test.each<[part: unknown, expected: object]>([
    ["a", { type: "text", text: "a" }],
    [
      { type: "text", text: "a", index: 0, cache_control: {}, annotations: [] },
      { type: "text", text: "a" },
    ],
    [
      { type: "text_delta", text: "a" },
      { type: "text", text: "a" },
    ],
    [
      { type: "text", source_type: "text", text: "a" },
      { type: "text", text: "a" },
    ],
    [
      { type: "file", source_type: "text", text: "a" },
      { type: "text", text: "a" },
    ],
    [
      { type: "document", source: { type: "text", data: "a" } },
      { type: "text", text: "a" },
    ],
    [
      { type: "text-plain", text: "a", title: "t" },
      { type: "text", text: "a" },
    ],
    [
      { type: "text-plain", data: "AAAA", mimeType: "text/plain", title: "t" },
      file({ file_data: "data:text/plain;base64,AAAA", filename: "t" }),
    ],
    [{ type: "image_url", image_url: "u" }, image("u")],
    [{ type: "image_url", image_url: { url: "u" }, index: 3 }, image("u")],
    [{ type: "image", url: "u", metadata: { detail: "low" } }, image("u", "low")],
    [{ type: "image", url: "u", metadata: { detail: 5 } }, image("u")],
    [{ type: "image", url: "u", metadata: 5 }, image("u")],
    [{ type: "image", data: "AAAA", mimeType: "image/svg+xml" }, image("data:image/svg+xml;base64,AAAA")],
    [{ type: "image", data: new Uint8Array([1, 2]), mimeType: "image/png" }, image("data:image/png;base64,AQI=")],
    [{ type: "image", data: "AAAA" }, image("data:application/octet-stream;base64,AAAA")],
    [{ type: "image", source_type: "url", url: "u" }, image("u")],
    [{ type: "image", source_type: "base64", data: "AA", mime_type: "image/png" }, image("data:image/png;base64,AA")],
    [
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      image("data:image/png;base64,AAAA"),
    ],
    ...[
      ["audio/wav", "wav"],
      ["audio/x-wav", "wav"],
      ["audio/wave", "wav"],
      ["audio/mp3", "mp3"],
      ["AUDIO/MPEG", "mp3"],
      ["audio/mpeg; rate=8", "mp3"],
      ["audio/flac", "flac"],
    ].map(([mimeType, format]): [object, object] => [
      { type: "audio", data: "AAAA", mimeType },
      { type: "input_audio", input_audio: { data: "AAAA", format } },
    ]),
    [
      { type: "audio", url: "data:audio/wav;base64,AAAA" },
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
    ],
    [{ type: "file", fileId: "1" }, file({ file_id: "1" })],
    [{ type: "file", source_type: "id", id: "1" }, file({ file_id: "1" })],
    [
      { type: "file", data: "AAAA", mimeType: "application/pdf", metadata: { filename: "a.pdf", name: "b.pdf" } },
      file({ file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" }),
    ],
    [
      { type: "file", fileId: "1", metadata: { filename: 5, name: "b.pdf" } },
      file({ file_id: "1", filename: "b.pdf" }),
    ],
    [{ type: "file", fileId: "1", filename: "c.pdf", title: "d" }, file({ file_id: "1", filename: "c.pdf" })],
    [
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AAAA" }, title: "d" },
      file({ file_data: "data:application/pdf;base64,AAAA", filename: "d" }),
    ],
    [
      { type: "file", url: "data:application/pdf;base64,AAAA" },
      file({ file_data: "data:application/pdf;base64,AAAA" }),
    ],
  ])("is made of %j", (part, expected) => {
    expect(toOpenAIPart(part, false)).toStrictEqual(expected);
  });

  test.each([
    [{ type: "reasoning", reasoning: "hm" }],
    [{ type: "reasoning", summary: [] }],
    [{ type: "reasoning_content", reasoning_content: {} }],
    [{ type: "thinking", thinking: "hm", signature: "s" }],
    [{ type: "thinking", thinking: 5 }],
    [{ type: "redacted_thinking", data: "a" }],
    [{ type: "tool_call", name: "f", args: {}, id: "1" }],
    [{ type: "tool_call_chunk", args: "{" }],
    [{ type: "invalid_tool_call", args: "{" }],
    [{ type: "tool_use", id: "1", name: "f", input: {} }],
    [{ type: "tool_use", id: "1", name: "f", input: 5 }],
    [{ type: "mcp_tool_use", id: "1" }],
    [{ type: "tool_result", tool_use_id: "1" }],
    [{ type: "web_search_tool_result", tool_use_id: "1", content: [] }],
    [{ type: "server_tool_call", name: "f", args: {} }],
    [{ type: "server_tool_call_result", toolCallId: "1", status: "success", output: {} }],
    [{ type: "input_json_delta", input: "{" }],
    [{ type: "input_json_delta" }],
    [{ type: "signature_delta", signature: "s" }],
    [{ type: "non_standard", value: { type: "redacted_thinking" } }],
    [null],
    [undefined],
    [5],
    [[]],
  ])("is not made of what only its provider can read, or nobody: %j", (part) => {
    expect(toOpenAIPart(part, true)).toBeUndefined();
    expect(toOpenAIPart(part, false)).toBeUndefined();
  });

  test.each([
    [{ type: "video_url", video_url: { url: "u" } }, undefined],
    [{ type: "text", text: 5 }, undefined],
    [{ type: "my_thinking_hint" }, undefined],
    [{ kind: "no type" }, undefined],
    [{ type: { toString: null } }, undefined],
    [
      { type: "non_standard", value: { type: "video_url", url: "u" } },
      { type: "video_url", url: "u" },
    ],
  ])("is handed on where its kind is not known, or is an error: %j", (part, expected) => {
    expect(toOpenAIPart(part, true)).toStrictEqual(expected ?? part);
    const error = errorOf(() => toOpenAIPart(part, false));
    expect(error.code).toBe("NOT_SUPPORTED");
    expect(error.message).toMatch(/^OpenAI's chat takes no such part: .*passThroughUnknownBlocks: true\.$/);
  });

  test.each([
    [{ type: "video", url: "u" }, "Leave it out."],
    [{ type: "image", fileId: "1" }, "Send its url or its data."],
    [{ type: "image" }, "Send its url or its data."],
    [{ type: "image", url: 5 }, "Send its url or its data."],
    [{ type: "image", data: {} }, "Send its url or its data."],
    [{ type: "audio", url: "https://a.example" }, "Send its data, in base64, with its mimeType."],
    [{ type: "audio", fileId: "1" }, "Send its data, in base64, with its mimeType."],
    [{ type: "audio", data: "AAAA", mimeType: "wav" }, "Send its data, in base64, with its mimeType."],
    [{ type: "file", url: "https://a.example" }, "Send its data, or upload it and send its fileId."],
    [{ type: "file" }, "Send its data, or upload it and send its fileId."],
    [{ type: "text-plain", url: "https://a.example" }, "Send its data, or upload it and send its fileId."],
  ])("is an error where a reader would miss it, and says what to do: %j", (part, fix) => {
    for (const handOn of [true, false]) {
      const error = errorOf(() => toOpenAIPart(part, handOn));
      expect(error).toMatchObject({ code: "NOT_SUPPORTED", data: { type: part.type } });
      expect(error.message.endsWith(fix)).toBe(true);
    }
  });

  test("is made of a sound in time that grows with it", () => {
    const started = performance.now();
    const part = { type: "audio", data: "A".repeat(3_000_000), mimeType: `audio/wav${";base64".repeat(200_000)}` };
    expect(toOpenAIPart(part, false)).toBeDefined();
    expect(() => toOpenAIPart({ type: "audio", url: `data:${"a".repeat(500_000)}` }, false)).toThrow(LinnetError);
    expect(() => toOpenAIPart({ type: "audio", url: `data:a/${";".repeat(500_000)}` }, false)).toThrow(LinnetError);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

function errorOf(action: () => unknown): LinnetError {
  try {
    action();
  } catch (error) {
    if (LinnetError.isInstance(error)) return error;
  }
  throw new Error("expected a LinnetError");
}
