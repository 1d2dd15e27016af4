// Answers as values of a schema: checked when whole, and partly there while they are still being said.
import { ChatParrotLink, ChatPromptTemplate } from "linnet";

// Any schema of zod, valibot, arktype or another library with Standard Schema does too.
const schema = {
  title: "bird",
  type: "object",
  properties: {
    name: { type: "string" },
    colours: { type: "array", items: { type: "string" } },
    length: { type: "number", description: "in centimetres" },
  },
  required: ["name", "colours", "length"],
};

// The parrot says what it hears: it stands for a model that answers with JSON.
const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 100 });
const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Describe the bird as JSON."],
  ["human", "{description}"],
]);
const describe = prompt.pipe(model.withStructuredOutput(schema, { method: "jsonMode" }));

const description = JSON.stringify({ name: "linnet", colours: ["brown", "red"], length: 13 });
const bird = await describe.invoke({ description });
console.log(`${bird.name}: ${bird.colours.join(" and ")}, ${bird.length} cm`);

// Streamed, each value is what there is so far.
let known = "";
for await (const partial of await describe.stream({ description })) {
  const keys = Object.keys(partial).join(", ");
  if (keys !== known) console.log(`so far: ${keys}`);
  known = keys;
}

// What does not fit the schema is an error that says where.
try {
  await describe.invoke({ description: description.replace("13", '"13 cm"') });
} catch (error) {
  console.log(`${error.name}: ${error.message.split("\n")[0]}`);
}
