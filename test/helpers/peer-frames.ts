import type { PlainFrame } from "../fixtures/watching-plain.mjs";
import { isRecord, renamedVersions, rewrite, withoutEmptyDetails } from "./peer-events.ts";

/** The frames that linnet is expected to send, given what was recorded of the peer; they end with a failure's own. */
export function expectedFrames(recorded: readonly PlainFrame[]): PlainFrame[] {
  return recorded.flatMap((frame) => {
    if (frame[0] === "rejects") return [errorFrame(frame)];
    return [rewrite(frame, (value) => withIdOfRun(withoutEmptyDetails(renamedVersions(value)))) as PlainFrame];
  });
}

/** A chunk has its id when it is told of; the peer gives it one after that. */
function withIdOfRun(value: unknown): unknown {
  if (!isRecord(value) || value.event !== "on_chat_model_stream") return value;
  const { chunk } = value.data as { chunk: { kwargs: object } };
  const kwargs = { ...chunk.kwargs, id: `run-${value.run_id}` };
  return { ...value, data: { chunk: { ...chunk, kwargs } } };
}

/** A stream that breaks says so, with nothing but the name and the message. */
function errorFrame([, error]: PlainFrame): PlainFrame {
  const { $error: name, message } = error as Record<string, unknown>;
  return ["error", { name, message }];
}
