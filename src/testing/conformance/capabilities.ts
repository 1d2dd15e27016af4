/** What a model claims to do, and what the rules need to know of it; all may be left out. */
export interface ModelCapabilities {
  /** What it is asked. A model that echoes needs one long enough to be streamed in pieces. Default: a sentence. */
  readonly prompt?: string | undefined;
  /** Whether the same question always gets the same answer. Without it, answers are not compared. Default: true. */
  readonly deterministic?: boolean | undefined;
  /** Whether it streams an answer in several pieces. Default: true. */
  readonly streaming?: boolean | undefined;
  /** Whether it ends at stop texts. Default: true. */
  readonly stop?: boolean | undefined;
  /** Whether it counts tokens, in `usage_metadata`. Chat models only. Default: true. */
  readonly usage?: boolean | undefined;
  /** Whether it calls the tools that `bindTools` binds. Chat models only. Default: false. */
  readonly toolCalling?: boolean | undefined;
  /**
   * Whether `withStructuredOutput` gives values of a schema, or the one method by which it does, such as `jsonSchema`. Chat
   * models only. Default: false.
   */
  readonly structuredOutput?: boolean | "functionCalling" | "jsonMode" | "jsonSchema" | undefined;
  /** The keys that the model was made with; none may be seen from outside. Default: fields with names such as `apiKey`. */
  readonly secrets?: readonly string[] | undefined;
  /** How many requests to the provider are open, where the author can count them. Default: only hooks are watched. */
  readonly openRequests?: (() => number) | undefined;
  /** Milliseconds that a hook may take to end once nobody waits for it. Default: 1000. */
  readonly releaseTimeout?: number | undefined;
  /** Milliseconds that a rule may take. Default: 30 000. */
  readonly ruleTimeout?: number | undefined;
}
