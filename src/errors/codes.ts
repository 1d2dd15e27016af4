/**
 * What can go wrong, as a closed set. A program that reacts to a failure switches on this, never on the message.
 *
 * | code | when |
 * |---|---|
 * | `INVALID_INPUT` | a step was given a value that it cannot work on |
 * | `INVALID_CONFIG` | a config or constructor option is out of its range |
 * | `INVALID_PROMPT_INPUT` | a prompt lacks a variable, or was given one of the wrong kind |
 * | `INVALID_TEMPLATE` | a template cannot be read |
 * | `MESSAGE_COERCION_FAILURE` | a value is no message and cannot be made one |
 * | `OUTPUT_PARSING_FAILURE` | a parser cannot read what a model said |
 * | `MODEL_HOOK_MISSING` | a model class defines none of the hooks that a call needs |
 * | `MODEL_NO_OUTPUT` | a model ended without giving anything |
 * | `RECURSION_LIMIT` | steps that return steps went deeper than the config allows |
 * | `ABORTED` | the work was cancelled by a signal or by its reader |
 * | `TIMEOUT` | the work took longer than the config allows |
 * | `NOT_WIRED` | a method needs an import that was not made |
 * | `NOT_SUPPORTED` | the class or the runtime cannot do what was asked |
 * | `STREAM_LOCKED` | a stream has a reader already |
 * | `CALLBACK_FAILURE` | a handler that may break its run threw |
 */
export type LinnetErrorCode =
  | "INVALID_INPUT"
  | "INVALID_CONFIG"
  | "INVALID_PROMPT_INPUT"
  | "INVALID_TEMPLATE"
  | "MESSAGE_COERCION_FAILURE"
  | "OUTPUT_PARSING_FAILURE"
  | "MODEL_HOOK_MISSING"
  | "MODEL_NO_OUTPUT"
  | "RECURSION_LIMIT"
  | "ABORTED"
  | "TIMEOUT"
  | "NOT_WIRED"
  | "NOT_SUPPORTED"
  | "STREAM_LOCKED"
  | "CALLBACK_FAILURE";
