// A stream, written as it comes; one that is left in the middle, which stops the model; and a generator as a step.
import { ChatPromptTemplate, RunnableLambda, StringOutputParser } from "linnet";
import { fakeModel } from "linnet/testing";

const song = "tsooeet tsooeet knetter trru trru tsooeet, sang the linnet on the gorse";

// Stands for a model that takes its time.
const model = fakeModel().respond(song, { chunkDelay: 1, times: 2 });
const chain = ChatPromptTemplate.fromTemplate("Sing about {what}.").pipe(model).pipe(new StringOutputParser());

for await (const piece of await chain.stream({ what: "gorse" })) process.stdout.write(piece);
process.stdout.write("\n");

// Leaving the loop ends the stream, up to the model.
let seen = "";
for await (const piece of await chain.stream({ what: "gorse" })) {
  seen += piece;
  if (seen.includes("knetter")) break;
}
console.log(`heard enough: ${seen}`);

// A generator in a chain works on the pieces as they pass.
const clock = RunnableLambda.from(async function* ({ from }) {
  for (let count = from; count > 0; count -= 1) yield `${count} `;
});
for await (const piece of await clock.stream({ from: 3 })) process.stdout.write(piece);
process.stdout.write("lift off\n");
