// What models took, counted by a handler over all calls that it is told of: batches, streams, and streams that were left.
import { ChatParrotLink, UsageMetadataCallbackHandler } from "linnet";

const small = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
const large = new ChatParrotLink({ model: "bird-brain-002", parrotBufferLength: 50 });

const usage = new UsageMetadataCallbackHandler();
const config = { callbacks: [usage] };

await small.batch(["linnet", "finch", "wren"], config);
for await (const _ of await large.stream("a flock of linnets", config));

// A reader that leaves has paid for what it got.
for await (const _ of await large.stream("a flock of linnets", config)) break;

for (const [model, { input_tokens, output_tokens }] of Object.entries(usage.usageMetadata)) {
  console.log(`${model}: ${input_tokens} in, ${output_tokens} out`);
}
console.log(`all: ${usage.total.total_tokens}`);
