/** How many steps a pattern may take at worst, about a tenth of a second. */
const MAX_STEPS = 1e8;
/** How long a pattern may be. */
const MAX_PATTERN = 1_000;
/** How many parts of a pattern may be left out: each doubles the ways to match. */
const MAX_OPTIONAL = 12;
/** What tells that a group was left and entered: escapes and classes are taken whole. */
const TOKENS =
  /\\[1-9]|\\k|\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|<[^>]*>)?|[()|]|\{(\d*)(,?)(\d*)\}|[*+?]|[\s\S]/g;

/** What is known of a pattern: undefined where its time cannot be bounded. */
interface PatternCost {
  readonly expression: RegExp;
  /** How long a text it may be tried on. */
  readonly maxLength: number;
}

/** What a group that is open has in it. */
interface Group {
  isVariable: boolean;
}

/** How many patterns are remembered. */
const MAX_KNOWN = 200;
const known = new Map<string, PatternCost | undefined>();

/**
 * Whether a text has a match for a pattern; undefined where that is not looked into: the pattern cannot be read, or could take
 * more than about a tenth of a second on this text. Repetitions of what is itself of several lengths, back references and
 * long texts under patterns with many repetitions are such.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  let cost = known.get(pattern);
  if (cost === undefined && !known.has(pattern)) {
    cost = costOf(pattern);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(pattern, cost);
  }
  return cost === undefined || text.length > cost.maxLength ? undefined : cost.expression.test(text);
}

function costOf(pattern: string): PatternCost | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  const counted = countRepeats(pattern);
  const expression = counted === undefined ? undefined : compile(pattern);
  if (counted === undefined || expression === undefined) return undefined;
  // Each repetition may end anywhere, and a pattern may begin anywhere unless it says where.
  const places = counted.repeats + (pattern.startsWith("^") && !pattern.includes("|") ? 0 : 1);
  const maxLength = Math.floor((MAX_STEPS / 2 ** counted.optional) ** (1 / Math.max(places, 1)));
  return { expression, maxLength };
}

/** How many open-ended repetitions there are; undefined where their time could double with each character. */
function countRepeats(pattern: string): { readonly repeats: number; readonly optional: number } | undefined {
  let repeats = 0;
  let optional = 0;
  let last: Group = { isVariable: false };
  const open: Group[] = [{ isVariable: false }];
  let wasQuantifier = false;
  for (const [token, min, comma, max] of pattern.matchAll(TOKENS)) {
    const group = open.at(-1) as Group; // The whole is never left.
    const isBraces = token.length > 1 && token.startsWith("{");
    const isLazyMark: boolean = wasQuantifier && token === "?";
    const isQuantifier: boolean = isBraces || token === "*" || token === "+" || (token === "?" && !isLazyMark);
    wasQuantifier = isQuantifier;
    if (isLazyMark) continue;
    if (token === "\\k" || /^\\[1-9]/.test(token)) return undefined;
    if (token.startsWith("(")) open.push({ isVariable: false });
    else if (token === ")") {
      if (open.length === 1) return undefined;
      last = open.pop() as Group;
      // What holds a group of several lengths is of several lengths itself.
      if (last.isVariable) (open.at(-1) as Group).isVariable = true;
    } else if (token === "|") group.isVariable = true;
    else if (isQuantifier) {
      if (token === "?") optional += 1;
      else if (last.isVariable) return undefined;
      const isFixed = isBraces && (comma === "" || min === max);
      if (!isFixed) group.isVariable = true;
      if (!isFixed && token !== "?") repeats += 1;
    }
    if (token !== ")") last = { isVariable: false };
  }
  return optional > MAX_OPTIONAL ? undefined : { repeats, optional };
}

function compile(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Not every pattern that is one without Unicode is one with it.
    }
  }
  return undefined;
}
