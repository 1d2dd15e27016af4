import type { BaseContentBlock } from "./base-block.ts";

/** The parts of a message that are files of some kind. Each says in exactly one way where its bytes are. */
export declare namespace Multimodal {
  /** The bytes are with the provider, under an id. */
  interface DataRecordFileId {
    fileId: string;
    url?: never;
    data?: never;
    mimeType?: string | undefined;
  }

  /** The bytes are at an address. */
  interface DataRecordUrl {
    fileId?: never;
    url: string;
    data?: never;
    mimeType?: string | undefined;
  }

  /** The bytes are here: as they are, or as text in base64. */
  interface DataRecordBase64 {
    fileId?: never;
    url?: never;
    data: string | Uint8Array;
    mimeType: string;
  }

  /** Where the bytes are. */
  type DataRecord = DataRecordFileId | DataRecordUrl | DataRecordBase64;

  /** There are no bytes, only the text. */
  interface NoDataRecord {
    fileId?: never;
    url?: never;
    data?: never;
    text: string;
    mimeType?: string | undefined;
  }

  /** What every such part has. */
  interface BaseData<Metadata = Record<string, unknown>> extends BaseContentBlock {
    /** What else is known: a file's name (`filename`), how closely an image is to be looked at (`detail`), and the like. */
    metadata?: Metadata | undefined;
  }

  /** A part that is a file of whatever kind. */
  type Data<Metadata = Record<string, unknown>> = BaseData<Metadata> & DataRecord;

  /** A picture. */
  type Image = Data & { readonly type: "image" };
  /** A film. */
  type Video = Data & { readonly type: "video" };
  /** A sound. */
  type Audio = Data & { readonly type: "audio" };
  /** A file that is none of the other kinds, such as a PDF. */
  type File = Data & { readonly type: "file" };
  /** A document of plain text: at hand as `text`, or as a file. */
  type PlainText = BaseData &
    (DataRecord | NoDataRecord) & { readonly type: "text-plain" } & {
      text?: string | undefined;
      title?: string | undefined;
      /** What the document is about, said to the model but not cited. */
      context?: string | undefined;
    };

  /** Any of these; `type` tells which. */
  type Standard = Image | Video | Audio | PlainText | File;
}
