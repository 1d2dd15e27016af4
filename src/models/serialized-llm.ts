/** What sets a model apart, as its `serialize` gives it. */
export type SerializedLLM = { _model: string; _type: string } & Record<string, unknown>;
