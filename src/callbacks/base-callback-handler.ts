import { type SerializedNotImplemented, toSerialized } from "../secrets/serialized.ts";
import { type FlushReport, flushCallbacks } from "./flush.ts";
import type {
  CallbackHandler,
  CallbackHandlerFlags,
  CallbackHandlerMethods,
  CallbackHandlerPrefersChatModelStreamEvents,
  CallbackHandlerPrefersStreaming,
} from "./handler.ts";

/** What the constructor of {@link BaseCallbackHandler} takes; everything may be left out. */
export interface BaseCallbackHandlerInput extends CallbackHandlerFlags {
  /** `awaitHandlers`, under the name that code for the peer uses; there `raiseError` makes a handler awaited. */
  _awaitHandler?: boolean;
}

/**
 * The base of handlers written as classes. A class implements the methods it wants to be told by; it is attached for those
 * alone. Methods added to a handler after its first use are not seen.
 *
 * @example
 * ```ts
 * import { BaseCallbackHandler, ChatParrotLink } from "linnet";
 *
 * class TokenPrinter extends BaseCallbackHandler {
 *   name = "token_printer";
 *   handleLLMNewToken(token: string): void {
 *     console.log(token);
 *   }
 * }
 *
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
 * for await (const _chunk of model.astream("cat", { callbacks: [new TokenPrinter()] }));
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are optional, so that nothing is left unset.
export abstract class BaseCallbackHandler implements CallbackHandlerFlags {
  abstract name: string;
  declare ignoreLLM: boolean;
  declare ignoreChain: boolean;
  declare ignoreAgent: boolean;
  declare ignoreRetriever: boolean;
  declare ignoreCustomEvent: boolean;
  declare raiseError: boolean;
  declare awaitHandlers: boolean;

  constructor(flags: BaseCallbackHandlerInput = {}) {
    this.ignoreLLM = flags.ignoreLLM ?? false;
    this.ignoreChain = flags.ignoreChain ?? false;
    this.ignoreAgent = flags.ignoreAgent ?? false;
    this.ignoreRetriever = flags.ignoreRetriever ?? false;
    this.ignoreCustomEvent = flags.ignoreCustomEvent ?? false;
    this.raiseError = flags.raiseError ?? false;
    this.awaitHandlers = flags.awaitHandlers ?? (this.raiseError || (flags._awaitHandler ?? true));
  }

  /** Makes a handler of a plain object of methods. */
  static fromMethods(methods: CallbackHandlerMethods & CallbackHandlerFlags): BaseCallbackHandler {
    return new MethodsHandler(methods);
  }

  /** A new handler of the same class, made by its constructor with this one's flags. */
  copy(): BaseCallbackHandler {
    // Constructors take the flags, as this class's does.
    return new (this.constructor as new (flags: BaseCallbackHandlerInput) => BaseCallbackHandler)(this);
  }

  /**
   * Waits until the handler has been told all that waits for it now, where it is told in the background.
   *
   * @param deadlineMs the longest wait, in milliseconds. Default: none.
   * @returns how many moments it had not been told by the deadline.
   * @throws LinnetError `INVALID_CONFIG` if the deadline is no number of milliseconds.
   */
  flush(deadlineMs?: number): Promise<FlushReport> {
    return flushCallbacks(deadlineMs, [this]);
  }

  /** The handler's name and nothing it holds: it may hold keys. */
  toJSON(): SerializedNotImplemented {
    return toSerialized({ namespace: ["langchain_core", "callbacks"], name: this.name }) as SerializedNotImplemented;
  }
}

// Declares the methods on the class too, without a member for each.
export interface BaseCallbackHandler extends CallbackHandlerMethods {}

class MethodsHandler extends BaseCallbackHandler {
  name = "handler_from_methods";

  constructor(methods: CallbackHandlerMethods & CallbackHandlerFlags) {
    super(methods);
    Object.assign(this, methods);
  }
}

/** Tells a handler of a class from one that is a plain object of methods. */
export function isBaseCallbackHandler(value: unknown): value is BaseCallbackHandler {
  return value instanceof BaseCallbackHandler;
}

/** A handler of a class: the one that is given, or one made of a plain object of methods. */
export function ensureHandler(handler: CallbackHandler): BaseCallbackHandler {
  return isBaseCallbackHandler(handler) ? handler : BaseCallbackHandler.fromMethods(handler);
}

/** Whether a handler wants models to stream under `invoke` too. */
export function callbackHandlerPrefersStreaming(
  handler: object,
): handler is CallbackHandlerPrefersStreaming & { readonly lc_prefer_streaming: true } {
  return (handler as Partial<CallbackHandlerPrefersStreaming>).lc_prefer_streaming === true;
}

/** Whether a handler wants to be told of the parts of chat models' answers, in the place of tokens. */
export function callbackHandlerPrefersChatModelStreamEvents(
  handler: object,
): handler is CallbackHandlerPrefersChatModelStreamEvents & { readonly lc_prefer_chat_model_stream_events: true } {
  return (handler as Partial<CallbackHandlerPrefersChatModelStreamEvents>).lc_prefer_chat_model_stream_events === true;
}
