import { expectTypeOf, it } from "vitest";
import type { RunRecord } from "../../../src/callbacks/run-record.ts";
import { BaseTracer, isBaseTracer } from "../../../src/callbacks/tracers/base-tracer.ts";
import type { TracerHooks } from "../../../src/callbacks/tracers/tracer-hooks.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";

/** A class as code for the peer has them. */
class Ported extends BaseTracer {
  name = "ported";
  protected async persistRun(_run: RunRecord): Promise<void> {}
  override async onRunCreate(run: RunRecord): Promise<void> {
    expectTypeOf(this.getRunById(run.parent_run_id)).toEqualTypeOf<RunRecord | undefined>();
    expectTypeOf(this.runMap.get(run.id)).toEqualTypeOf<RunRecord | undefined>();
  }
  override async handleChainStart(
    chain: Serialized,
    inputs: Record<string, unknown>,
    runId: string,
    parentRunId?: string,
    tags?: string[],
  ): Promise<RunRecord> {
    return super.handleChainStart(chain, inputs, runId, parentRunId, tags);
  }
}

it("a tracer has hooks, and gives the record of the run", () => {
  const tracer = new Ported({ keepChunks: true, awaitHandlers: false });
  expectTypeOf(tracer).toExtend<TracerHooks>();
  expectTypeOf(tracer.copy()).toEqualTypeOf<Ported>();
  expectTypeOf(tracer.handleToolEnd).returns.toEqualTypeOf<
    RunRecord | undefined | PromiseLike<RunRecord | undefined>
  >();
  expectTypeOf<RunRecord["child_runs"]>().toEqualTypeOf<RunRecord[]>();
  expectTypeOf<RunRecord["failure"]>().toBeUnknown();
});

it("a tracer has to say where runs are kept", () => {
  // @ts-expect-error: it has no persistRun.
  class Nowhere extends BaseTracer {
    name = "nowhere";
  }
  new Nowhere();
  // @ts-expect-error: a base is extended.
  new BaseTracer();
});

it("tells a tracer from other values", () => {
  const value: unknown = new Ported();
  if (isBaseTracer(value)) expectTypeOf(value).toEqualTypeOf<BaseTracer>();
});
