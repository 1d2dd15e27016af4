import type { CliHost } from "../host.ts";
import { chainStop } from "./chain-stop.ts";
import { chatModelStop } from "./chat-model-stop.ts";
import { graphStop } from "./graph-stop.ts";
import { llmStop } from "./llm-stop.ts";
import { messagesStop } from "./messages-stop.ts";
import { parrotStop } from "./parrot-stop.ts";
import type { TourStop } from "./step.ts";
import { TourScreen } from "./tour-screen.ts";
import { watchingStop } from "./watching-stop.ts";

/** The stops, in their order. */
export function tourStops(): TourStop[] {
  return [messagesStop(), chatModelStop(), parrotStop(), llmStop(), chainStop(), watchingStop(), graphStop()];
}

/** Shows what the package does, call by call. */
export async function tour(host: CliHost): Promise<void> {
  const screen = new TourScreen(host);
  await screen.say("linnet: a small bird that sings what the big parrot says.");
  await screen.say("Below each call is what it gives; print, show and tree print their argument.\n");
  for (const [index, stop] of tourStops().entries()) await screen.show(stop, index + 1);
  await screen.say(`Your turn: ${host.program} chat, ${host.program} events "hello", or ${host.program} graph.`);
  await screen.say("To write your own model, read docs/custom-chat-model.md and docs/custom-llm.md.");
}
