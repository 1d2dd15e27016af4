/** What a run does; it decides which of a handler's methods are told. */
export type RunKind = "chain" | "llm" | "chat_model" | "tool" | "retriever";
