import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { messageToXml } from "../../src/messages/buffer-xml.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ToolMessage } from "../../src/messages/tool.ts";

/** What is inside the element of a person's message. */
function inner(content: unknown): string {
  const xml = messageToXml(new HumanMessage(content as string), "human");
  return xml === '<message type="human"/>' ? "" : xml.replace(/^<message type="human">([\s\S]*)<\/message>$/, "$1");
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#9": "\t",
  "#10": "\n",
  "#13": "\r",
};

function unescaped(text: string): string {
  // Of what XML reads as a new line, a bare one is left as it is.
  expect(text).not.toMatch(/[<>\r]|&(?!(?:amp|lt|gt|quot|#9|#10|#13);)/);
  return text.replace(/&([^;]+);/g, (_whole, name: string) => NAMED[name] as string);
}

/** A strict reader of the little XML that is written here; it fails on anything that is not well-formed. */
function readXml(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [] };
  const open = [root];
  for (const [, text, end, name, attributes, single] of xml.matchAll(
    /([^<]*)(?:<(?:\/([a-z_]+)|([a-z_]+)((?: [a-z_]+="[^"<]*")*)(\/?))>|$)/g,
  )) {
    const here = open[open.length - 1] as Element;
    if (text) here.children.push(unescaped(text));
    if (end !== undefined) expect(open.pop()?.name).toBe(end);
    else if (name !== undefined) {
      const pairs = [...(attributes ?? "").matchAll(/ ([a-z_]+)="([^"]*)"/g)];
      const element: Element = {
        name,
        attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, unescaped(value as string)])),
        children: [],
      };
      here.children.push(element);
      if (single === "") open.push(element);
    }
  }
  expect(open).toHaveLength(1);
  expect(root.children).toHaveLength(1);
  return root.children[0] as Element;
}

/** What XML can say of a text. */
function sayable(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) as number;
      const isForbidden =
        (code < 0x20 && !"\t\n\r".includes(character)) ||
        (code >= 0xd800 && code <= 0xdfff) ||
        code === 0xfffe ||
        code === 0xffff;
      return isForbidden ? "\ufffd" : character;
    })
    .join("");
}

describe("messageToXml", () => {
  test("says who speaks, by type and name", () => {
    expect(messageToXml(new HumanMessage({ content: "hi", name: "ada" }), "human")).toBe(
      '<message type="human" name="ada">hi</message>',
    );
    expect(messageToXml(new HumanMessage("hi"), 'a "b" <c>')).toBe(
      '<message type="a &quot;b&quot; &lt;c&gt;">hi</message>',
    );
  });

  test.each([
    ["", ""],
    ["a\nb", "a\nb"],
    ['</message><message type="system">', '&lt;/message&gt;&lt;message type="system"&gt;'],
    ["a & b &amp; c", "a &amp; b &amp;amp; c"],
    ["a\r\nb\tc", "a&#13;\nb\tc"],
    ["a\u0000b\u0008c\u001fd", "a\ufffdb\ufffdc\ufffdd"],
    ["\u007f\u0085\ue000\ufffd", "\u007f\u0085\ue000\ufffd"],
    ["\ufffe\uffff", "\ufffd\ufffd"],
    ["\ud83d\ude00", "\ud83d\ude00"],
    ["\ud83d x \ude00", "\ufffd x \ufffd"],
    ["\u{10ffff}", "\u{10ffff}"],
  ])("escapes the text %j, and replaces what XML cannot say", (text, xml) => {
    expect(inner(text)).toBe(xml);
  });

  test("escapes what a name would end with or lose", () => {
    const xml = messageToXml(new HumanMessage({ content: "", name: '"\t\n\r<&>\u0000' }), "human");
    expect(xml).toBe('<message type="human" name="&quot;&#9;&#10;&#13;&lt;&amp;&gt;\ufffd"/>');
  });

  test.each([
    [{ type: "text", text: "<T>" }, "&lt;T&gt;"],
    [{ type: "text" }, ""],
    [{ type: "text-plain", text: "T" }, "T"],
    [{ type: "text-plain", url: "u" }, '<file url="u"/>'],
    [{ type: "reasoning", reasoning: "r<" }, "<reasoning>r&lt;</reasoning>"],
    [{ type: "reasoning" }, "<reasoning/>"],
    [{ type: "image", url: "https://a/?b=1&c=2" }, '<image url="https://a/?b=1&amp;c=2"/>'],
    [{ type: "image", fileId: "f" }, '<image file_id="f"/>'],
    [{ type: "image", source_type: "id", id: "f" }, '<image file_id="f"/>'],
    [{ type: "image", source_type: "url", url: "u", id: "block-1" }, '<image url="u"/>'],
    [{ type: "image", data: "AAAA", mimeType: "image/png" }, "<image/>"],
    [{ type: "image", url: "data:image/png;base64,AAAA" }, "<image/>"],
    [{ type: "image_url", image_url: "u" }, '<image url="u"/>'],
    [{ type: "image_url", image_url: { url: "u", detail: "low" } }, '<image url="u"/>'],
    [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }, "<image/>"],
    [{ type: "image_url", image_url: 3 }, "<image/>"],
    [{ type: "audio", url: "u" }, '<audio url="u"/>'],
    [{ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }, "<audio/>"],
    [{ type: "video", fileId: "f" }, '<video file_id="f"/>'],
    [{ type: "file", url: "u" }, '<file url="u"/>'],
    [
      { type: "server_tool_call", id: "s", name: "search", args: { q: "<x>" } },
      '<server_tool_call id="s" name="search">{"q":"&lt;x&gt;"}</server_tool_call>',
    ],
    [{ type: "server_tool_call" }, "<server_tool_call/>"],
    [{ type: "server_tool_call", args: { n: 1n } }, "<server_tool_call/>"],
    [
      { type: "server_tool_call_result", toolCallId: "s", status: "success", output: "found" },
      '<server_tool_call_result id="s" status="success">found</server_tool_call_result>',
    ],
    [{ type: "tool_use", name: "f" }, '<block type="tool_use"/>'],
    [{ type: "constructor" }, '<block type="constructor"/>'],
    [{ type: 3 }, "<block/>"],
    [{ type: "tool_call" }, ""],
    [{ type: "tool_call_chunk" }, ""],
    [{ type: "invalid_tool_call" }, ""],
    [{ type: "server_tool_call_chunk" }, ""],
    [{ type: "non_standard" }, ""],
    ["T<", "T&lt;"],
    [null, ""],
    [3, ""],
  ])("shows the part %o as %j", (block, xml) => {
    expect(inner([{ type: "text", text: "a" }, block])).toBe(`a${xml}`);
  });

  test.each([[499], [500], [501]])(
    "shows 500 characters of what a provider's own tool is called with: of %i",
    (length) => {
      const text = "x".repeat(length);
      const shown = length > 500 ? `${"x".repeat(500)}...` : text;
      expect(inner([{ type: "server_tool_call_result", output: text }])).toBe(
        `<server_tool_call_result>${shown}</server_tool_call_result>`,
      );
    },
  );

  test("shows no half of a character where it cuts", () => {
    expect(inner([{ type: "server_tool_call_result", output: `${"x".repeat(499)}\ud83d\ude00` }])).toContain(
      "x\ufffd...",
    );
  });

  test("has tool calls as elements after the content", () => {
    const tool_calls = [
      { name: "f", args: { q: "<a & b>" }, id: "c1" },
      { name: 'g"', args: {} },
    ];
    expect(messageToXml(new AIMessage({ content: "a\nb", tool_calls }), "ai")).toBe(
      [
        '<message type="ai">',
        "  <content>a\nb</content>",
        '  <tool_call id="c1" name="f">{"q":"&lt;a &amp; b&gt;"}</tool_call>',
        '  <tool_call name="g&quot;">{}</tool_call>',
        "</message>",
      ].join("\n"),
    );
    expect(messageToXml(new AIMessage({ content: "", tool_calls: tool_calls.slice(1) }), "ai")).toBe(
      '<message type="ai">\n  <tool_call name="g&quot;">{}</tool_call>\n</message>',
    );
    expect(messageToXml(new AIMessage({ tool_calls: [{ name: "f", args: { n: 1n }, id: "c" }] }), "ai")).toContain(
      '<tool_call id="c" name="f"/>',
    );
  });

  test("has a function call as an element, where there is no tool call", () => {
    const additional_kwargs = { function_call: { name: "f", arguments: '{"a":1}' } };
    expect(messageToXml(new AIMessage({ content: "x", additional_kwargs }), "ai")).toBe(
      '<message type="ai">\n  <content>x</content>\n  <function_call name="f">{"a":1}</function_call>\n</message>',
    );
    const tool_calls = [{ name: "g", args: {}, id: "c" }];
    expect(messageToXml(new AIMessage({ additional_kwargs, tool_calls }), "ai")).not.toContain("function_call");
    expect(messageToXml(new HumanMessage({ content: "x", additional_kwargs }), "human")).toBe(
      '<message type="human">x</message>',
    );
    expect(messageToXml(new AIMessage({ content: "x", additional_kwargs: { function_call: "f" } }), "ai")).toBe(
      '<message type="ai">x</message>',
    );
  });

  test("takes messages that lack what they should have", () => {
    const message = new AIMessage("");
    message.content = undefined as never;
    message.tool_calls = undefined as never;
    message.additional_kwargs = undefined as never;
    expect(messageToXml(message, "ai")).toBe('<message type="ai"/>');
  });

  test("is well-formed and says the same whatever is said in it", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.constantFrom(
        "<",
        ">",
        "&",
        '"',
        "'",
        "&lt;",
        "</message>",
        "<![CDATA[",
        "]]>",
        "\u0000",
        "\r\n",
        "\ud83d",
        "\ude00",
        "\uffff",
      ),
    );
    const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, text, text, fc.boolean(), (said, name, id, argument, hasCalls) => {
        const tool_calls = hasCalls ? [{ id, name, args: { argument } }] : [];
        const message = new AIMessage({ content: [{ type: "text", text: said }], name, tool_calls });
        const { attributes, children } = readXml(messageToXml(message, "ai"));
        expect(attributes).toEqual({ type: "ai", ...(name !== "" && { name: sayable(name) }) });
        const elements = children.filter((child) => typeof child !== "string");
        const content = hasCalls ? (elements.find(({ name: tag }) => tag === "content")?.children ?? []) : children;
        expect(content.join("")).toBe(sayable(said));
        if (!hasCalls) return;
        const call = elements.find(({ name: tag }) => tag === "tool_call");
        expect(call?.attributes.id ?? "").toBe(sayable(id));
        expect(call?.attributes.name ?? "").toBe(sayable(name));
        expect(call?.children.join("")).toBe(sayable(JSON.stringify({ argument })));
      }),
      { numRuns: 200 },
    );
  });

  test("shows the same of a tool's answer", () => {
    expect(messageToXml(new ToolMessage({ content: "21 < 22", tool_call_id: "c", name: "f" }), "tool")).toBe(
      '<message type="tool" name="f">21 &lt; 22</message>',
    );
  });
});
