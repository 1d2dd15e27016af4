// A model with tools: it asks for them, hears their answers, and asks again until it has what it needs.
import { runTools, tool } from "linnet";
import { fakeModel } from "linnet/testing";

const city = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const weather = tool(({ city }) => `${city}: ${city === "Bern" ? "sunny, 21" : "rain, 14"} degrees`, {
  name: "weather",
  description: "Tells the weather in a city.",
  schema: city,
});
const trains = tool(
  ({ city }) => {
    throw new Error(`No timetable for ${city} today.`);
  },
  { name: "trains", description: "Lists trains to a city.", schema: city },
);

// Stands for a model that plans: both cities at once, then a train, then an answer.
const model = fakeModel()
  .respondWithTools([
    { name: "weather", args: { city: "Bern" } },
    { name: "weather", args: { city: "Oslo" } },
  ])
  .respondWithTools([{ name: "trains", args: { city: "Bern" } }])
  .respondWithChunks(["Go to Bern, ", "and ask for ", "trains there."]);

const agent = runTools(model, [weather, trains], { maxSteps: 5 });

const result = { messages: [] };
for await (const piece of agent.astream("Bern or Oslo?")) {
  // A piece has a token, or messages that are whole now, or why the loop is over.
  for (const message of piece.messages) {
    for (const { name, args } of message.tool_calls ?? []) console.log(`call ${name}(${JSON.stringify(args)})`);
    if (message.type === "tool") console.log(`  ${message.status}: ${message.text}`);
    result.messages.push(message);
  }
  if (piece.stopReason !== undefined) console.log(`${piece.stopReason}: ${piece.message.text}`);
}
console.log(`${result.messages.length} messages, ${model.callCount} calls of the model`);
