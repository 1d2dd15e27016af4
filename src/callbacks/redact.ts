import type { RunKind } from "./run-kind.ts";

/**
 * What a value that is told is to its run: what it was given (`input`; for models the list of messages or the prompt), gave
 * (`output`; for models the result), gave piece by piece (`chunk`, and the `token` that comes with one), what it failed with
 * (`error`) and had given before that (`partial`), the `params` that a model is called with, a `text`, the data of a custom
 * `event`, an agent's `action`.
 */
export type RedactedPayload =
  | "input"
  | "output"
  | "chunk"
  | "token"
  | "error"
  | "partial"
  | "params"
  | "text"
  | "event"
  | "action";

/** Where a value stands that a {@link Redact} hook is given. */
export interface RedactPlace {
  readonly payload: RedactedPayload;
  readonly kind: RunKind;
  readonly runId: string;
  readonly runName: string;
}

/**
 * Gives what handlers and observers are told in place of a value. The run itself works on with the value: it must not be
 * written to. Each value passes once, before anybody is told of it; names, tags and metadata of runs do not pass.
 *
 * A hook sees chunks one by one, so that it cannot see a secret that is cut between two of them; the sum of the chunks
 * passes too, at the end. It has to answer at once, with a value of the same shape: a text in place of messages, a result, a
 * chunk or an error is put into one. If it throws, `[redaction failed]` is told, and the error goes to the reporter.
 */
export type Redact = (value: unknown, place: RedactPlace) => unknown;
