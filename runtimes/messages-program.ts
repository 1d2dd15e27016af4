/**
 * A program that uses the door of messages: sums, forms and conversations. It is plain text, so that every runtime of the
 * matrix can be given the same one; it calls `report` with what it saw.
 */
export const messagesProgram: string = `
import * as linnet from "./messages.js";

const { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } = linnet;
const sum = linnet.concatAll([
  new AIMessageChunk({ content: "Let me ", id: "m1" }),
  new AIMessageChunk({ content: "look.", tool_call_chunks: [{ index: 0, id: "c1", name: "look", args: '{"where":"no' }] }),
  new AIMessageChunk({ content: "", tool_call_chunks: [{ index: 0, args: 'rth"}' }] }),
  new AIMessageChunk({ content: "", usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } }),
]);
const conversation = [
  new SystemMessage("Watch."),
  new HumanMessage({ content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AQID" } }] }),
  new HumanMessage("Now?"),
  sum,
  new ToolMessage("a linnet \\ud83d\\udc26", "c1"),
];
const stored = JSON.stringify(linnet.mapChatMessagesToStoredMessages(conversation.map((message) => message === sum ? linnet.messageChunkToMessage(sum) : message)));
const back = linnet.mapStoredMessagesToChatMessages(JSON.parse(stored));
const openAI = linnet.toOpenAIMessages(conversation);
const trimmed = await linnet.trimMessages(conversation, { maxTokens: 40, startOn: "human" });

report({
  calls: sum.tool_calls,
  usage: sum.usage_metadata.total_tokens,
  blocks: conversation[1].contentBlocks,
  stored: JSON.stringify(linnet.mapChatMessagesToStoredMessages(back)) === stored,
  openAI: linnet.fromOpenAIMessages(openAI).map((message) => message.getType()),
  trimmed: trimmed.map((message) => message.text),
  piped: (await linnet.filterMessages({ includeTypes: ["tool"] }).invoke(conversation)).length,
  bytes: [...linnet.parseBase64DataUrl({ dataUrl: "data:a/b;base64,AQID", asTypedArray: true }).data],
  text: linnet.getBufferString([new AIMessage("hi")], { format: "xml" }),
  merged: linnet.mergeMessageRuns([new HumanMessage("a"), new HumanMessage("b")]).map((message) => message.content),
  partial: linnet.parsePartialJson('{"a":[1,{"b":"x'),
});
`;

/** What the program reports wherever it runs. */
export const messagesReport = {
  calls: [{ name: "look", args: { where: "north" }, id: "c1", type: "tool_call" }],
  usage: 3,
  blocks: [{ type: "image", data: "AQID", mimeType: "image/png" }],
  stored: true,
  openAI: ["system", "human", "human", "ai", "tool"],
  trimmed: ["Now?", "Let me look.", "a linnet \ud83d\udc26"],
  piped: 1,
  bytes: [1, 2, 3],
  text: '<message type="ai">hi</message>',
  merged: ["a\nb"],
  partial: { a: [1, { b: "x" }] },
};
