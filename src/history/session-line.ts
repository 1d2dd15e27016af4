import { LinnetError } from "../errors/linnet-error.ts";

/** Who stands in lines. What a visitor's own work starts is inside of it. */
export interface Visitor {
  readonly outer: Visitor | undefined;
}

interface Place {
  readonly visitor: Visitor;
  readonly line: SessionLine;
  enter(): void;
}

/** All who wait, wherever: what is inside of whom tells where two would wait for each other. */
const waiting: Set<Place> = new Set();

/**
 * Lets one visitor in at a time, first come, first served. Who is inside the visitor that is in does not wait for it, which
 * would be forever: those have a line of their own until it leaves.
 */
export class SessionLine {
  readonly #onEmpty: () => void;
  readonly #places: Set<Place> = new Set();
  #holder: Visitor | undefined = undefined;
  #inner: SessionLine | undefined = undefined;

  /** @param onEmpty called whenever the last has left. */
  constructor(onEmpty: () => void = () => {}) {
    this.#onEmpty = onEmpty;
  }

  /**
   * Stands in line.
   *
   * @param enter called once it is the visitor's turn, during this call if nobody is in; never after it has left.
   * @returns what leaves the line, also before it was the visitor's turn.
   * @throws LinnetError `NOT_SUPPORTED` if the turn would never come, since who is in waits for this visitor.
   */
  stand(visitor: Visitor, enter: () => void): () => void {
    const holder = this.#holder;
    if (holder !== undefined && isInside(visitor, holder)) {
      this.#inner ??= new SessionLine();
      return this.#inner.stand(visitor, enter);
    }
    const place: Place = { visitor, line: this, enter };
    if (holder === undefined) {
      this.#holder = visitor;
      enter();
    } else {
      if (visitor.outer !== undefined && this.#waitsFor(visitor)) throw deadlock();
      this.#places.add(place);
      waiting.add(place);
    }
    return () => this.#leave(place);
  }

  #leave(place: Place): void {
    waiting.delete(place);
    if (this.#places.delete(place) || this.#holder !== place.visitor) return;
    this.#inner = undefined;
    this.#holder = undefined;
    const [next] = this.#places;
    if (next === undefined) return this.#onEmpty();
    this.#places.delete(next);
    waiting.delete(next);
    this.#holder = next.visitor;
    next.enter();
  }

  /** Whether the one who is in cannot leave before the given visitor has left another line. */
  #waitsFor(visitor: Visitor): boolean {
    const holder = this.#holder;
    if (holder === undefined) return false;
    if (isInside(visitor, holder)) return true;
    for (const place of waiting) {
      if (isInside(place.visitor, holder) && place.line.#waitsFor(visitor)) return true;
    }
    return false;
  }
}

function isInside(visitor: Visitor, other: Visitor): boolean {
  for (let outer = visitor.outer; outer !== undefined; outer = outer.outer) if (outer === other) return true;
  return false;
}

function deadlock(): LinnetError {
  return new LinnetError(
    "Expected turns inside turns to take their sessions in one order; two of them wait for each other. Run one of them after the other.",
    { code: "NOT_SUPPORTED" },
  );
}

const ofSessions: WeakMap<object, Map<unknown, SessionLine>> = new WeakMap();
const ofHistories: WeakMap<object, SessionLine> = new WeakMap();

/** The line of a session, by who makes its history; nothing is kept of one that nobody stands in. */
export function lineOfSession(getHistory: object, sessionId: unknown): SessionLine {
  const lines = ofSessions.get(getHistory) ?? new Map<unknown, SessionLine>();
  ofSessions.set(getHistory, lines);
  const line = lines.get(sessionId) ?? new SessionLine(() => lines.delete(sessionId));
  lines.set(sessionId, line);
  return line;
}

/** The line of a history, which may be that of several sessions. */
export function lineOfHistory(history: object): SessionLine {
  const line = ofHistories.get(history) ?? new SessionLine(() => ofHistories.delete(history));
  ofHistories.set(history, line);
  return line;
}
