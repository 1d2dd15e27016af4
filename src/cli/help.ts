/** What `--help` prints. @param program how the command was called. */
export function helpText(program: string): string {
  return `linnet: a small bird that sings what the big parrot says.

Usage
  ${program}                   a tour of what the package does
  ${program} chat "hello"      streams one reply of the parrot
  ${program} chat              a chat with history: Ctrl-C cancels a reply, Ctrl-D leaves
  ${program} events "hello"    what happens in prompt | parrot | parser, as a live tree
  ${program} graph             the graph of a chain: a drawing, and its text for mermaid
  ${program} check FILE        tries a model against the rules for models; the default export of the file
                           is its class, a function that makes one, or a model
  echo hello | ${program} chat
                           the text may come from standard input, for events too

Options
  --length N     how many characters the parrot repeats; default: all
  --delay MS     milliseconds between two pieces; default: none, on a terminal a few
  --json         events: one JSON object per line; graph: the graph as JSON;
                 check: the rules, and what became of each, as one JSON object
  --mermaid      graph: nothing but the text for mermaid, to write to a file
  --form FORM    events: v1, v2 or default (v2 with errors and parent_ids)
  -h, --help     prints this
  -v, --version  prints the version
`;
}
