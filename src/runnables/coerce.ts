import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { RunnableLambda } from "./lambda.ts";
import { RunnableMap } from "./map.ts";
import { Runnable } from "./runnable.ts";
import type { RunnableFunc, RunnableLike, RunnableMapLike } from "./runnable-like.ts";

/**
 * Makes a runnable of what stands for one: a function becomes a lambda, a plain object a map of runnables.
 *
 * @throws LinnetError `INVALID_INPUT` for anything else.
 */
export function coerceToRunnable<Input, Output>(
  like: RunnableLike<Input, Output>,
): Runnable<Input, Exclude<Output, Error>> {
  type Coerced = Runnable<Input, Exclude<Output, Error>>;
  if (typeof like === "function")
    return new RunnableLambda({ func: like as RunnableFunc<Input, Output> }) as unknown as Coerced;
  if (Runnable.isRunnable(like)) return like as unknown as Coerced;
  if (isPlainRecord(like)) {
    return RunnableMap.from(like as RunnableMapLike<Input, Record<string, unknown>>) as unknown as Coerced;
  }
  throw new LinnetError(`Expected a runnable, a function or an object of them as a step, got ${describeValue(like)}.`, {
    code: "INVALID_INPUT",
  });
}
