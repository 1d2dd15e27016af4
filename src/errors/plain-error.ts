import { describeValue } from "./describe-value.ts";

/** What is said of a failure where others may read it: nothing of where in the code it was, and nothing that it holds. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  /** By which programs tell failures apart, where the error has one. */
  readonly code?: string | number;
}

/** Whether a value is an error, also one of another realm. */
export function isError(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** What is said of whatever was thrown. Never throws. */
export function toPlainError(error: unknown): PlainError {
  const name = fieldOf(error, "name");
  const message = fieldOf(error, "message");
  const code = fieldOf(error, "code");
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : typeof error === "string" ? error : describeValue(error),
    ...(typeof code === "string" || typeof code === "number" ? { code } : undefined),
  };
}

/** A field that may be a getter that throws. */
function fieldOf(error: unknown, name: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
