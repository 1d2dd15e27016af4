export { AbortError, type AbortErrorOptions } from "../errors/abort-error.ts";
export type { LinnetErrorCode } from "../errors/codes.ts";
export { LinnetError, type LinnetErrorOptions } from "../errors/linnet-error.ts";
export type { PlainError } from "../errors/plain-error.ts";
export { type ErrorReporter, setErrorReporter } from "../errors/reporter.ts";
export { TimeoutError } from "../errors/timeout-error.ts";
export { Secret } from "../secrets/secret.ts";
