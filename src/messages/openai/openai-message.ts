/** What every part may have, as OpenAI's chat API has it. */
export interface OpenAIPartBase {
  /** Says that what comes up to here is to be cached. */
  prompt_cache_breakpoint?: { mode: "explicit"; ttl?: "30m" | "12h" };
}

/** A part that is text. */
export interface OpenAITextPart extends OpenAIPartBase {
  type: "text";
  text: string;
}

/** A part that says why a model does not answer. */
export interface OpenAIRefusalPart {
  type: "refusal";
  refusal: string;
}

/** A part that is an image. */
export interface OpenAIImagePart extends OpenAIPartBase {
  type: "image_url";
  image_url: {
    /** An address, which may be a data URL. */
    url: string;
    detail?: "auto" | "low" | "high";
  };
}

/** A part that is sound. */
export interface OpenAIAudioPart extends OpenAIPartBase {
  type: "input_audio";
  input_audio: {
    /** In base64. */
    data: string;
    /** The two that OpenAI takes. Another one is handed on as it is, for servers that take more. */
    format: "wav" | "mp3";
  };
}

/** A part that is a file. */
export interface OpenAIFilePart extends OpenAIPartBase {
  type: "file";
  file: {
    /** A data URL. */
    file_data?: string;
    /** The id of a file that was uploaded before. */
    file_id?: string;
    filename?: string;
  };
}

/** A part of what a person says. */
export type OpenAIUserPart = OpenAITextPart | OpenAIImagePart | OpenAIAudioPart | OpenAIFilePart;

/** What a model wants called. */
export interface OpenAIFunctionCall {
  name: string;
  /** JSON, as the model wrote it. */
  arguments: string;
}

/** A model's wish to have a function called. */
export interface OpenAIFunctionToolCall {
  id: string;
  type: "function";
  function: OpenAIFunctionCall;
}

/** A call of a function, and which of several it is while they are being streamed. */
export interface OpenAIIndexedToolCall extends OpenAIFunctionToolCall {
  index?: number | undefined;
}

/** A model's wish to have a tool called that takes text of any form. */
export interface OpenAICustomToolCall {
  id: string;
  type: "custom";
  custom: { name: string; input: string };
}

/** A model's wish to have something called. */
export type OpenAIToolCall = OpenAIFunctionToolCall | OpenAICustomToolCall;

/** What tells a model how to behave. */
export interface OpenAISystemMessage {
  role: "system";
  content: string | OpenAITextPart[];
  name?: string;
}

/** What newer models take in place of a system message. */
export interface OpenAIDeveloperMessage {
  role: "developer";
  content: string | OpenAITextPart[];
  name?: string;
}

/** What a person says. */
export interface OpenAIUserMessage {
  role: "user";
  content: string | OpenAIUserPart[];
  name?: string;
}

/** What a model says. */
export interface OpenAIAssistantMessage {
  role: "assistant";
  /** Null where the model only calls tools, speaks or refuses. */
  content?: string | (OpenAITextPart | OpenAIRefusalPart)[] | null;
  name?: string;
  refusal?: string | null;
  tool_calls?: OpenAIToolCall[];
  /** A call in the form that came before `tool_calls`. */
  function_call?: OpenAIFunctionCall | null;
  /** What the model said aloud. Sent back, only the id counts. */
  audio?: { id: string; data?: string; expires_at?: number; transcript?: string } | null;
  /** The sources of an answer from the web. */
  annotations?: unknown[];
}

/** What a tool answers to a call. */
export interface OpenAIToolMessage {
  role: "tool";
  content: string | OpenAITextPart[];
  tool_call_id: string;
}

/** What a function gives, in the form that came before tools. */
export interface OpenAIFunctionMessage {
  role: "function";
  content: string | null;
  name: string;
}

/**
 * A message as OpenAI's chat API takes and gives it; `role` tells which. It stands where the `openai` package (5 and later) wants its
 * own type.
 */
export type OpenAIMessage =
  | OpenAISystemMessage
  | OpenAIDeveloperMessage
  | OpenAIUserMessage
  | OpenAIAssistantMessage
  | OpenAIToolMessage
  | OpenAIFunctionMessage;

/** What is taken for such a message: also one of a server's, or of a package's whose types say it in other words. */
export type OpenAIMessageLike = OpenAIMessage | { readonly role: string; readonly content?: unknown };
