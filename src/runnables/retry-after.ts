/** A wait that a provider asks for is kept up to this long, in milliseconds; what may help only later is final. */
export const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * How many milliseconds the provider that an error came from asks to wait, by the `retry-after` header of the error or of its
 * `response`. Undefined where it does not, or says nothing that can be understood.
 */
export function retryAfterOf(error: unknown): number | undefined {
  const { headers, response } = (error ?? {}) as Record<"headers" | "response", Headers & Record<string, unknown>>;
  const all = headers ?? response?.headers;
  const asked = String((typeof all?.get === "function" ? all.get("retry-after") : all?.["retry-after"]) ?? "");
  const wait = /^\d+(\.\d+)?$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.now();
  return wait >= 0 ? wait : undefined;
}
