/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** Where in the value: keys and places in lists. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An issue in a line. @param depth how much of its path is known already. */
export function tellIssue(issue: SchemaIssue, depth: number = 0): string {
  const path = issue.path.slice(depth).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
