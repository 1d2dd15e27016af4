import { BaseLanguageModel } from "../base-language-model.ts";
import { AsyncCaller } from "../calls/async-caller.ts";
import { pathOf } from "../calls/call-path.ts";
import { InMemoryCache } from "../calls/in-memory-cache.ts";
import { wireModels } from "../model-parts.ts";
import { generate } from "./generate.ts";

// It only fills a slot, and a name of a prototype. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireModels({ path: pathOf, generate, globalCache: () => InMemoryCache.global() });

// For models written for the peer. The model itself tries again and holds up, so that its caller does neither.
Object.defineProperty(BaseLanguageModel.prototype, "caller", {
  configurable: true,
  get(this: BaseLanguageModel) {
    this.caller = new AsyncCaller({ maxRetries: 0 });
    return this.caller;
  },
  set(this: BaseLanguageModel, value: AsyncCaller) {
    Object.defineProperty(this, "caller", { value, writable: true, configurable: true });
  },
});
