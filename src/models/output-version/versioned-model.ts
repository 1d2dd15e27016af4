import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { BaseMessage } from "../../messages/base-message.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../outputs/chat-generation.ts";
import type { Generation, GenerationChunk } from "../../outputs/generation.ts";
import type { HookedModel } from "../hooked-model.ts";
import { viewOf } from "../model-view.ts";
import { inStandardForm, withoutMarks } from "./standard-form.ts";

type Model = HookedModel<never, GenerationChunk, unknown>;

/** One view for each model, since its cache and limits know it by who it is. */
let views: WeakMap<object, Model> | undefined;

/**
 * A model whose messages come with their content in standard parts; one of texts gives what it always gives.
 *
 * @throws LinnetError `INVALID_CONFIG` for a version that is not known.
 */
export function versionedModel(model: Model, version: unknown): Model {
  if (version !== "v1") {
    throw new LinnetError(`Expected outputVersion to be "v0" or "v1", got ${describeValue(version)}.`, {
      code: "INVALID_CONFIG",
      data: { option: "outputVersion" },
    });
  }
  views ??= new WeakMap();
  const known = views.get(model);
  if (known !== undefined) return known;
  const view = viewOf<Model>(model, membersOf(model));
  views.set(model, view);
  return view;
}

function membersOf(model: Model): Partial<Model> {
  return {
    "~generateHook": () => model["~generateHook"]()?.bind(model),
    "~streamHook": () => model["~streamHook"]()?.bind(model),
    "~toResult": (given, runId) => {
      const { generations, ...others } = model["~toResult"](given, runId);
      return { ...others, generations: generations.map((list) => list.map(generationInForm)) };
    },
    "~toOutput": (given, runId) => inForm(model["~toOutput"](given, runId)),
    "~toChunk": (given, id) => chunkInForm(model["~toChunk"](given, id)),
    "~toStreamed": (given, id) => inForm(model["~toStreamed"](given, id)),
    "~outputOfSum": (sum, runId) => {
      const output = model["~outputOfSum"](sum, runId);
      return BaseMessage.isInstance(output) ? withoutMarks(output) : output;
    },
  };
}

function inForm(output: unknown): unknown {
  return BaseMessage.isInstance(output) ? inStandardForm(output) : output;
}

function generationInForm(generation: Generation): Generation {
  if (!(generation instanceof ChatGeneration)) return generation;
  const { text, message, generationInfo } = generation;
  return new ChatGeneration({ text, message: inStandardForm(message), generationInfo });
}

function chunkInForm(chunk: GenerationChunk): GenerationChunk {
  if (!(chunk instanceof ChatGenerationChunk)) return chunk;
  const { text, message, generationInfo } = chunk;
  return new ChatGenerationChunk({ text, message: inStandardForm(message), generationInfo });
}
