import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";

/** A number of times or things as it was given. @throws LinnetError `INVALID_CONFIG` for what is no whole number from 0. */
export function checkedCount(option: string, count: unknown): number {
  if (Number.isInteger(count) && (count as number) >= 0) return count as number;
  throw new LinnetError(`Expected ${option} to be a whole number from 0, got ${describeValue(count)}.`, {
    code: "INVALID_CONFIG",
    data: { [option]: count },
  });
}
