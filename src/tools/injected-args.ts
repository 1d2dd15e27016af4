import type { JsonSchema } from "../schema/json-schema.ts";
import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import type { InjectedToolArg, ToolRuntime } from "./tool-types.ts";

type InjectedArgs = Readonly<Record<string, InjectedToolArg>>;

/** The arguments with those that are injected. @param isFromModel whether a model gave them: it may not set one. */
export function injectArgs(args: unknown, injected: InjectedArgs, config: ToolRuntime, isFromModel: boolean): unknown {
  if (!isPlainRecord(args)) return args;
  const filled: Record<string, unknown> = {};
  for (const key of Object.keys(args)) {
    if (!isFromModel || !Object.hasOwn(injected, key)) setOwn(filled, key, args[key]);
  }
  for (const key of Object.keys(injected)) {
    if (Object.hasOwn(filled, key)) continue;
    const value = (injected[key] as InjectedToolArg)(config);
    if (value !== undefined) setOwn(filled, key, value);
  }
  return filled;
}

/** The schema without the properties that are injected. */
export function withoutInjected(schema: JsonSchema, injected: InjectedArgs): JsonSchema {
  const isShown = (key: string): boolean => !Object.hasOwn(injected, key);
  const { properties, required } = schema;
  const shown: Record<string, unknown> = { ...schema };
  if (isPlainRecord(properties)) {
    shown.properties = Object.fromEntries(Object.entries(properties).filter(([key]) => isShown(key)));
  }
  if (Array.isArray(required)) shown.required = required.filter(isShown);
  return shown;
}
