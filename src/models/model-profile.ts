/** What is known of a model's abilities; what is left out is not known. */
export interface ModelProfile {
  /** The most tokens that it reads. */
  maxInputTokens?: number | undefined;
  /** The most tokens that it answers with. */
  maxOutputTokens?: number | undefined;
  /** Whether it takes images, in messages of people. */
  imageInputs?: boolean | undefined;
  /** Whether it takes images by their address. */
  imageUrlInputs?: boolean | undefined;
  /** Whether it takes PDF files. */
  pdfInputs?: boolean | undefined;
  /** Whether it takes sound. */
  audioInputs?: boolean | undefined;
  /** Whether it takes films. */
  videoInputs?: boolean | undefined;
  /** Whether it takes images in answers of tools. */
  imageToolMessage?: boolean | undefined;
  /** Whether it takes PDF files in answers of tools. */
  pdfToolMessage?: boolean | undefined;
  /** Whether it gives its reasoning. */
  reasoningOutput?: boolean | undefined;
  /** Whether it gives images. */
  imageOutputs?: boolean | undefined;
  /** Whether it gives sound. */
  audioOutputs?: boolean | undefined;
  /** Whether it gives films. */
  videoOutputs?: boolean | undefined;
  /** Whether it calls tools. */
  toolCalling?: boolean | undefined;
  /** Whether it can be told to call a certain tool. */
  toolChoice?: boolean | undefined;
  /** Whether it can be held to a schema. */
  structuredOutput?: boolean | undefined;
}
