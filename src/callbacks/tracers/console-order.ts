/** What shows runs once it is their turn. */
export interface OrderedView<Run> {
  /** A run that goes on, or that has others below it. */
  opened(run: Run, isAside: boolean): void;
  /** The end of a run that was opened. */
  closed(run: Run, isAside: boolean): void;
  /** A run that is over, and has none below it. */
  whole(run: Run, isAside: boolean): void;
}

/** A run in its place. */
export class Branch<Run> {
  readonly run: Run;
  readonly above: Branch<Run> | undefined;
  isOver: boolean = false;
  isOpened: boolean = false;
  /** The first and last of those below it whose turn is to come, and the one after it above. */
  held: Branch<Run> | undefined = undefined;
  lastHeld: Branch<Run> | undefined = undefined;
  next: Branch<Run> | undefined = undefined;

  constructor(run: Run, above: Branch<Run> | undefined) {
    this.run = run;
    this.above = above;
  }
}

/**
 * Puts runs that go on side by side into the order of a tree, each after those that started before it and below what it is
 * part of, so that they can be shown from top to bottom while they go on.
 *
 * What is shown live is one path: the oldest root, below it the first run that is still open, and so on. Runs that start
 * beside it are held back until its runs before them are over; so no more is kept than runs of open roots. A root that ends
 * while another is live is shown whole, as an aside: one that hangs hides no other.
 */
export class RunOrder<Run> {
  readonly #view: OrderedView<Run>;
  readonly #roots = new Set<Branch<Run>>();
  #liveRoot: Branch<Run> | undefined = undefined;
  #live: Branch<Run> | undefined = undefined;

  constructor(view: OrderedView<Run>) {
    this.#view = view;
  }

  /** The run that is live and not shown yet. */
  get unshown(): Branch<Run> | undefined {
    return this.#live?.isOpened === false ? this.#live : undefined;
  }

  /** Takes a run that starts. @param isOver whether it ends there and then. */
  start(run: Run, above: Branch<Run> | undefined, isOver: boolean = false): Branch<Run> {
    const branch = new Branch(run, above);
    branch.isOver = isOver;
    if (above === undefined) this.#roots.add(branch);
    else if (above.held === undefined) above.held = above.lastHeld = branch;
    else above.lastHeld = (above.lastHeld as Branch<Run>).next = branch;
    this.#advance();
    return branch;
  }

  /** Takes the end of a run; what is still open below it is over too. */
  end(branch: Branch<Run>): void {
    branch.isOver = true;
    if (branch.above === undefined && branch !== this.#liveRoot) {
      this.#roots.delete(branch);
      this.#show(branch, this.#liveRoot?.isOpened === true);
      return;
    }
    for (let below = this.#live; below !== branch && isBelow(below, branch); below = below?.above) {
      (below as Branch<Run>).isOver = true;
    }
    this.#advance();
  }

  /** Shows a live run that is not shown yet: it takes its time. */
  reveal(): void {
    const { unshown } = this;
    if (unshown === undefined) return;
    unshown.isOpened = true;
    this.#view.opened(unshown.run, false);
  }

  #advance(): void {
    if (this.#live !== undefined) this.#live = this.#show(this.#live, false);
    while (this.#live === undefined) {
      if (this.#liveRoot !== undefined) this.#roots.delete(this.#liveRoot);
      [this.#liveRoot] = this.#roots;
      if (this.#liveRoot === undefined) return;
      this.#live = this.#show(this.#liveRoot, false);
    }
  }

  /** Goes on from a run whose turn it is, as far as it can. @returns the run that has to go on first, if any. */
  #show(from: Branch<Run>, isAside: boolean): Branch<Run> | undefined {
    const view = this.#view;
    let branch: Branch<Run> | undefined = from;
    while (branch !== undefined) {
      const { held, above }: Branch<Run> = branch;
      if (held !== undefined) {
        if (!branch.isOpened) view.opened(branch.run, isAside);
        branch.isOpened = true;
        branch.held = held.next;
        held.isOver ||= branch.isOver;
        branch = held;
      } else if (branch.isOver) {
        if (branch.isOpened) view.closed(branch.run, isAside);
        else view.whole(branch.run, isAside);
        branch = above;
      } else return branch;
    }
    return undefined;
  }
}

function isBelow<Run>(branch: Branch<Run> | undefined, other: Branch<Run>): boolean {
  let above = branch;
  while (above !== undefined && above !== other) above = above.above;
  return above !== undefined;
}
