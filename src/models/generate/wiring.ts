import { AsyncCaller } from "../calls/async-caller.ts";
import { pathOf } from "../calls/call-path.ts";
import { InMemoryCache } from "../calls/in-memory-cache.ts";
import { wireModels } from "../model-parts.ts";
import { versionedModel } from "../output-version/versioned-model.ts";
import { generate } from "./generate.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireModels({
  "cache or limit": pathOf,
  generate,
  outputVersion: (model, version) => versionedModel(model as never, version) as never,
  globalCache: () => InMemoryCache.global(),
  // The model itself tries again and holds up, so that its caller does neither.
  caller: (model) => {
    model.caller = new AsyncCaller({ maxRetries: 0 });
    return model.caller;
  },
});
