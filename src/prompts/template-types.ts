import type { InputValues } from "./prompt-input.ts";
import type { TemplateFormat } from "./template.ts";

/** Characters that no identifier has. */
type NotInNames =
  | (" " | "\n" | "\r" | "\t" | '"' | "'" | "`" | ":" | ";" | "," | "." | "?" | "!" | "/" | "\\" | "|")
  | ("(" | ")" | "[" | "]" | "<" | ">" | "{" | "=" | "+" | "-" | "*" | "%" | "&" | "@" | "#" | "^" | "~");

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

type IsName<Text extends string> = Text extends ""
  ? false
  : Text extends `${Digit}${string}` | `${string}${NotInNames}${string}`
    ? false
    : true;

type NamesIn<Template extends string, Found extends string> = Template extends `${string}{${infer Rest}`
  ? Rest extends `{${infer AfterDoubled}`
    ? NamesIn<AfterDoubled, Found>
    : Rest extends `${infer Name}}${infer AfterName}`
      ? IsName<Name> extends true
        ? NamesIn<AfterName, Found | Name>
        : NamesIn<Rest, Found>
      : Found
  : Found;

/** The names of the variables of an f-string; `string` where the template is not known to the compiler. */
export type TemplateVariables<Template extends string> = string extends Template ? string : NamesIn<Template, never>;

/**
 * What a template is filled with: a value for each variable, where the compiler knows the template and it is an f-string;
 * else any values.
 */
export type TemplateValues<Template extends string, Format extends TemplateFormat = "f-string"> = ContentValues<
  Template,
  Format
>;

/** What an f-string is filled with, under the peer's name. */
export type ParamsFromFString<Template extends string> = TemplateValues<Template>;

/** What a prompt is filled with: what its maker said, else what its f-string says; under the peer's name. */
export type ExtractedFStringParams<Template extends string, Values = undefined> = Values extends object
  ? Values
  : TemplateValues<Template>;

/** Values for a prompt and any more, under the peer's name; for signatures of subclasses. */
export type TypedPromptInputValues<Values> = InputValues & { [Name in keyof Values]?: unknown };

/** The same of data in which every string is a template, such as the blocks of a message. */
export type ContentValues<Content, Format extends TemplateFormat = "f-string"> = "mustache" extends Format
  ? InputValues
  : { [Name in ContentVariables<Content>]: unknown };

/** Of what is a template already, the names of what it is filled with. */
type ContentVariables<Content> = Content extends string
  ? TemplateVariables<Content>
  : Content extends readonly (infer Item)[]
    ? ContentVariables<Item>
    : Content extends { "~block"(values: infer Values): unknown }
      ? Extract<keyof Values, string>
      : Content extends object
        ? { [Key in keyof Content]: ContentVariables<Content[Key]> }[keyof Content]
        : never;

/** Values without those that are given elsewhere. */
export type WithoutKeys<Values extends object, Given> = string extends keyof Values
  ? InputValues
  : { [Name in keyof Values as Exclude<Name, keyof Given>]: Values[Name] };

/** One object type instead of an intersection of several. */
export type Flatten<Values> = { [Name in keyof Values]: Values[Name] };
