/**
 * The interfaces of Standard Schema 1.1 (https://standardschema.dev), which ask to be copied: by them a schema of any
 * validation library works here, and none is imported.
 */

/** A schema that knows the types of what it takes and gives. */
export interface StandardTypedV1<Input = unknown, Output = Input> {
  readonly "~standard": StandardTypedV1.Props<Input, Output>;
}

/** The parts of {@link StandardTypedV1}. */
export declare namespace StandardTypedV1 {
  /** What a schema says of itself. */
  export interface Props<Input = unknown, Output = Input> {
    readonly version: 1;
    /** The library that made it. */
    readonly vendor: string;
    /** For the types alone. */
    readonly types?: Types<Input, Output> | undefined;
  }

  /** What a schema takes, and what it gives. */
  export interface Types<Input = unknown, Output = Input> {
    readonly input: Input;
    readonly output: Output;
  }

  /** The type that a schema takes. */
  export type InferInput<Schema extends StandardTypedV1> = NonNullable<Schema["~standard"]["types"]>["input"];
  /** The type that a schema gives. */
  export type InferOutput<Schema extends StandardTypedV1> = NonNullable<Schema["~standard"]["types"]>["output"];
}

/** A schema that validates. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": StandardSchemaV1.Props<Input, Output>;
}

/** The parts of {@link StandardSchemaV1}. */
export declare namespace StandardSchemaV1 {
  /** What a schema that validates says of itself. */
  export interface Props<Input = unknown, Output = Input> extends StandardTypedV1.Props<Input, Output> {
    /** Gives the value, possibly changed, or what is wrong with it. */
    readonly validate: (value: unknown, options?: Options | undefined) => Result<Output> | Promise<Result<Output>>;
  }

  /** What validating gives. */
  export type Result<Output> = SuccessResult<Output> | FailureResult;

  /** A value that fits. */
  export interface SuccessResult<Output> {
    readonly value: Output;
    readonly issues?: undefined;
  }

  /** What a schema may be told. */
  export interface Options {
    readonly libraryOptions?: Record<string, unknown> | undefined;
  }

  /** A value that does not fit. */
  export interface FailureResult {
    readonly issues: readonly Issue[];
  }

  /** One thing that is wrong. */
  export interface Issue {
    readonly message: string;
    readonly path?: readonly (PropertyKey | PathSegment)[] | undefined;
  }

  /** One step of a path. */
  export interface PathSegment {
    readonly key: PropertyKey;
  }

  /** What a schema takes, and what it gives. */
  export interface Types<Input = unknown, Output = Input> extends StandardTypedV1.Types<Input, Output> {}

  /** The type that a schema takes. */
  export type InferInput<Schema extends StandardTypedV1> = StandardTypedV1.InferInput<Schema>;
  /** The type that a schema gives. */
  export type InferOutput<Schema extends StandardTypedV1> = StandardTypedV1.InferOutput<Schema>;
}

/** A schema that can be shown as JSON Schema. */
export interface StandardJSONSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": StandardJSONSchemaV1.Props<Input, Output>;
}

/** The parts of {@link StandardJSONSchemaV1}. */
export declare namespace StandardJSONSchemaV1 {
  /** What a schema that can be shown says of itself. */
  export interface Props<Input = unknown, Output = Input> extends StandardTypedV1.Props<Input, Output> {
    readonly jsonSchema: Converter;
  }

  /** What makes JSON Schema of it; may throw. */
  export interface Converter {
    readonly input: (options: Options) => Record<string, unknown>;
    readonly output: (options: Options) => Record<string, unknown>;
  }

  /** The draft that is wanted. */
  export type Target = "draft-2020-12" | "draft-07" | "openapi-3.0" | ({} & string);

  /** What the converter is told. */
  export interface Options {
    readonly target: Target;
    readonly libraryOptions?: Record<string, unknown> | undefined;
  }

  /** What a schema takes, and what it gives. */
  export interface Types<Input = unknown, Output = Input> extends StandardTypedV1.Types<Input, Output> {}

  /** The type that a schema takes. */
  export type InferInput<Schema extends StandardTypedV1> = StandardTypedV1.InferInput<Schema>;
  /** The type that a schema gives. */
  export type InferOutput<Schema extends StandardTypedV1> = StandardTypedV1.InferOutput<Schema>;
}

/** A schema that both validates and can be shown to a model. */
export type SerializableSchema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output> &
  StandardJSONSchemaV1<Input, Output>;

/** Whether a value is a schema that validates, of whatever library. */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  return typeof standardOf(value)?.validate === "function";
}

/** Whether a value is a schema that can be shown as JSON Schema. */
export function isStandardJsonSchema(value: unknown): value is StandardJSONSchemaV1 {
  const converter = standardOf(value)?.jsonSchema;
  return typeof converter === "object" && converter !== null;
}

/** Whether a value is a schema that does both. */
export function isSerializableSchema(value: unknown): value is SerializableSchema {
  return isStandardSchema(value) && isStandardJsonSchema(value);
}

function standardOf(value: unknown): Partial<SerializableSchema["~standard"]> | undefined {
  // Schemas of some libraries are functions.
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const standard: unknown = (value as { "~standard"?: unknown })["~standard"];
  return typeof standard === "object" && standard !== null ? standard : undefined;
}
