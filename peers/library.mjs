/** The peer's classes under the names that the shared cases use. */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import { InMemoryChatMessageHistory } from "@langchain/core/chat_history";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { LLM } from "@langchain/core/language_models/llms";
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatGenerationChunk, GenerationChunk } from "@langchain/core/outputs";
import { ChatPromptTemplate, PromptTemplate } from "@langchain/core/prompts";
import {
  RouterRunnable,
  RunnableAssign,
  RunnableBranch,
  RunnableEach,
  RunnableLambda,
  RunnableMap,
  RunnableParallel,
  RunnablePassthrough,
  RunnablePick,
  RunnableSequence,
  RunnableWithMessageHistory,
} from "@langchain/core/runnables";
import { Graph } from "@langchain/core/runnables/graph";
import { DynamicStructuredTool, DynamicTool, StructuredTool, Tool, tool } from "@langchain/core/tools";
import { BaseTracer } from "@langchain/core/tracers/base";

export const library = {
  AIMessage,
  AIMessageChunk,
  BaseCallbackHandler,
  BaseChatModel,
  BaseTracer,
  ChatGenerationChunk,
  ChatPromptTemplate,
  DynamicStructuredTool,
  DynamicTool,
  GenerationChunk,
  Graph,
  HumanMessage,
  InMemoryChatMessageHistory,
  LLM,
  PromptTemplate,
  RouterRunnable,
  RunnableAssign,
  RunnableBranch,
  RunnableEach,
  RunnableLambda,
  RunnableMap,
  RunnableParallel,
  RunnablePassthrough,
  RunnablePick,
  RunnableSequence,
  RunnableWithMessageHistory,
  StringOutputParser,
  StructuredTool,
  SystemMessage,
  Tool,
  dispatchCustomEvent,
  tool,
};
