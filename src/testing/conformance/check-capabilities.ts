import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import type { ModelCapabilities } from "./capabilities.ts";

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const METHODS: ReadonlySet<unknown> = new Set(["functionCalling", "jsonMode", "jsonSchema"]);
const isLimit = (value: unknown): boolean => typeof value === "number" && value > 0;

/** By claim, what it has to be, and in words. */
const CLAIMS: Readonly<Record<keyof ModelCapabilities, readonly [fits: (value: unknown) => boolean, what: string]>> = {
  prompt: [isText, "a text"],
  deterministic: [isBoolean, "true or false"],
  streaming: [isBoolean, "true or false"],
  stop: [isBoolean, "true or false"],
  usage: [isBoolean, "true or false"],
  toolCalling: [isBoolean, "true or false"],
  structuredOutput: [(value) => isBoolean(value) || METHODS.has(value), "true, false, or a method such as jsonSchema"],
  secrets: [(value) => Array.isArray(value) && value.every((one) => typeof one === "string"), "a list of texts"],
  openRequests: [(value) => typeof value === "function", "a function that counts"],
  releaseTimeout: [isLimit, "milliseconds above 0"],
  ruleTimeout: [isLimit, "milliseconds above 0"],
};

/** Sees to it that what is claimed is known and of its kind. @throws LinnetError `INVALID_CONFIG`. */
export function checkCapabilities(capabilities: ModelCapabilities): void {
  for (const [claim, value] of Object.entries(capabilities)) {
    if (!Object.hasOwn(CLAIMS, claim)) {
      const known = Object.keys(CLAIMS).join(", ");
      throw wrongClaim(claim, `Expected claims among ${known}, got ${JSON.stringify(claim)}.`);
    }
    const [fits, what] = CLAIMS[claim as keyof ModelCapabilities];
    if (value !== undefined && !fits(value)) {
      throw wrongClaim(claim, `Expected the claim ${claim} to be ${what}, got ${describeValue(value)}.`);
    }
  }
}

function wrongClaim(option: string, message: string): LinnetError {
  return new LinnetError(message, { code: "INVALID_CONFIG", data: { option } });
}
