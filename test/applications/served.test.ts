import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AIMessage, ChatPromptTemplate, StringOutputParser } from "../../src/entries/index.ts";
import { PortedModel } from "./ported-model.ts";

const words = (count: number) => new AIMessage("word ".repeat(count));
// The clients that stay come first.
const model = new PortedModel({ answers: [words(20), words(20), words(5_000), words(5_000)], delayMs: 1 });
const chain = ChatPromptTemplate.fromTemplate("{question}").pipe(model).pipe(new StringOutputParser());
const question = "Sing.";

const server = createServer(async (request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (request.url === "/events") {
    const events = chain.streamEvents({ question }, { version: "v2", encoding: "text/event-stream" });
    const body = Readable.from(events);
    response.on("close", () => body.destroy());
    body.pipe(response);
    return;
  }
  const stop = new AbortController();
  response.on("close", () => stop.abort());
  try {
    for await (const piece of await chain.stream({ question }, { signal: stop.signal }))
      response.write(`data: ${piece}\n\n`);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  response.end();
});
let base = "";

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test.each(["/text", "/events"])("a client of %s that stays has it all", async (path) => {
  const frames = (await (await fetch(base + path)).text()).split("\n\n");
  expect(frames.length).toBeGreaterThan(20);
  if (path === "/events") expect(frames.at(-2)).toBe("event: end");
});

test.each(["/text", "/events"])("a client of %s that leaves stops the model", async (path) => {
  const { ended, pieces } = model;
  const client = new AbortController();
  const response = await fetch(base + path, { signal: client.signal });
  await response.body?.getReader().read();
  client.abort();
  await vi.waitFor(() => expect(model.ended).toBe(ended + 1));
  expect(model.pieces - pieces).toBeLessThan(5_000);
});
