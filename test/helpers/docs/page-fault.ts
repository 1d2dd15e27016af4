/** Something on a page that is not so. */
export interface PageFault {
  /** The page's path from the root of the project. */
  readonly page: string;
  /** The line on that page; the first is 1. */
  readonly line: number;
  readonly message: string;
}

/** Faults as `page:line: message`, which editors turn into links. */
export function describeFaults(faults: readonly PageFault[]): string[] {
  return faults.map((fault) => `${fault.page}:${fault.line}: ${fault.message}`);
}
