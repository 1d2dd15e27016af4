/**
 * A handler that gathers the tokens it is told of. The last one told again, of a chunk without text that closes the answer, is
 * left out: the guides' models tell of their closing chunks so.
 */
export class ToldTokens {
  text = "";
  #last = "";

  handleLLMNewToken(
    token: string,
    _indices: unknown,
    _runId: unknown,
    _parentRunId: unknown,
    _tags: unknown,
    fields?: { readonly chunk?: unknown },
  ): void {
    const chunk = fields?.chunk as { readonly text?: unknown } | undefined;
    if (chunk?.text === "" && token === this.#last) return;
    this.text += token;
    this.#last = token;
  }
}
