import { wireRunnables } from "../factories.ts";
import type { Runnable } from "../runnable.ts";
import { RunnableConfigurableAlternatives } from "./configurable-alternatives.ts";
import { RunnableConfigurableFields } from "./configurable-fields.ts";

type Bound = Runnable<never, unknown>;

// As the other wirings, this only fills a slot; package.json lists the file under `sideEffects`.
wireRunnables({
  configurableFields: (bound, fields) => new RunnableConfigurableFields({ default: bound as Bound, fields }),
  configurableAlternatives: (bound, which, options) =>
    new RunnableConfigurableAlternatives({ default: bound as Bound, which, ...options }),
});
