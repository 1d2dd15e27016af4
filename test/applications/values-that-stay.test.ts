import { expect, test } from "vitest";
import {
  AIMessage,
  JsonOutputParser,
  JsonOutputToolsParser,
  RunnableMap,
  StringOutputParser,
  XMLOutputParser,
} from "../../src/entries/index.ts";
import { callingTools, PortedModel } from "./ported-model.ts";

const BIRD = { name: "linnet", seen: [["at dawn", 1], { where: ["gorse", "heath"] }], notes: "small and brown" };
const XML = "<list> <item>one two</item> <item>three</item> <inner> <z>1</z> <z>2</z> </inner> </list>";
const saying = (text: string) => new PortedModel({ answers: [new AIMessage(text)] });
const calling = () => new PortedModel({ answers: [callingTools({ name: "bird", args: BIRD, id: "c1" })] });
const json = () => saying(JSON.stringify(BIRD, null, 1));

test.each([
  ["JSON", () => json().pipe(new JsonOutputParser())],
  ["patches of JSON", () => json().pipe(new JsonOutputParser({ diff: true }))],
  ["XML", () => saying(XML).pipe(new XMLOutputParser())],
  ["tool calls", () => calling().pipe(new JsonOutputToolsParser())],
  ["structured output", () => calling().withStructuredOutput({ type: "object", properties: {} }, { name: "bird" })],
  [
    "maps",
    () => RunnableMap.from({ a: json().pipe(new JsonOutputParser()), b: json().pipe(new StringOutputParser()) }),
  ],
])("streamed values that a reader keeps do not change afterwards: %s", async (_, chain) => {
  const kept: unknown[] = [];
  const given: string[] = [];
  for await (const value of await chain().stream("go" as never)) {
    kept.push(value);
    given.push(JSON.stringify(value));
  }
  expect(given.length).toBeGreaterThan(3);
  expect(kept.map((value) => JSON.stringify(value))).toEqual(given);
});
