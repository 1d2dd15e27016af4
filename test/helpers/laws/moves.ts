import fc from "fast-check";
import type { ReaderModel } from "./reader-model.ts";
import type { Reading } from "./reading.ts";

type Move = fc.AsyncCommand<ReaderModel, Reading, boolean>;

/** Something that a reader does, or that is done to it. */
function move(
  name: string,
  check: (model: Readonly<ReaderModel>) => boolean,
  run: (reading: Reading) => unknown,
): Move {
  return {
    check,
    // Only its beginning is one of the scheduled things: what it waits for needs others of them.
    run: async (_model, reading) => {
      await reading.scheduler.schedule(Promise.resolve(), name);
      await run(reading);
    },
    toString: () => name,
  };
}

const always = (): boolean => true;

const READ = move(
  "read",
  ({ over, leaving }) => !over && !leaving,
  (reading) => reading.read(),
);
const READ_ON = move(
  "read without waiting",
  ({ reads, left, leaving }) => reads < 10 && left === leaving,
  (reading) => void reading.read(),
);
const LEAVE = move(
  "leave",
  ({ leaving }) => !leaving,
  (reading) => reading.leave(),
);
const LEAVE_ON = move("leave without waiting", always, (reading) => void reading.leave());
const ABORT = move("abort", always, (reading) => reading.abort());

const breakAt = (place: number): Move => move(`break work ${place}`, always, (reading) => reading.breakAt(place));

/** Draws what is done to a call, in order. Between any two, any of the promises that wait may settle. */
export function moves(): fc.Arbitrary<Iterable<Move>> {
  return fc.commands(
    [
      fc.constant(READ),
      fc.constant(READ),
      fc.constant(READ_ON),
      fc.constantFrom(LEAVE, LEAVE_ON),
      fc.constant(ABORT),
      fc.nat({ max: 7 }).map(breakAt),
    ],
    { maxCommands: 8, size: "small" },
  );
}
