/** Told of one run of a runnable; what it returns is waited for where it is a promise. */
export type RunListener = (run: unknown, config: unknown) => unknown;

/** Who is told of the runs of one runnable alone, by `withListeners`. */
export interface RunListeners {
  onStart?: RunListener | undefined;
  onEnd?: RunListener | undefined;
  onError?: RunListener | undefined;
}
