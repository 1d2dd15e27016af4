/** What every part of a message has. Fields beyond these are the provider's or the author's. */
export interface BaseContentBlock {
  /** What the part is, which decides what its other fields mean. */
  readonly type: string;
  /** The part's own id, where its provider gives one. */
  id?: string | undefined;
  [field: string]: unknown;
}
