/** The peer's classes under the names that the shared cases use. */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { LLM } from "@langchain/core/language_models/llms";
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatGenerationChunk, GenerationChunk } from "@langchain/core/outputs";
import { ChatPromptTemplate, PromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda, RunnableMap } from "@langchain/core/runnables";

export const library = {
  AIMessage,
  AIMessageChunk,
  BaseCallbackHandler,
  BaseChatModel,
  ChatGenerationChunk,
  ChatPromptTemplate,
  GenerationChunk,
  HumanMessage,
  LLM,
  PromptTemplate,
  RunnableLambda,
  RunnableMap,
  StringOutputParser,
  SystemMessage,
};
