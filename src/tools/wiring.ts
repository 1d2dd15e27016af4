import { wireRunnables } from "../runnables/factories.ts";
import { RunnableToolLike, type RunnableToolLikeFields } from "./runnable-tool-like.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireRunnables({
  asTool: (bound, fields) => new RunnableToolLike({ ...fields, bound } as RunnableToolLikeFields),
});
