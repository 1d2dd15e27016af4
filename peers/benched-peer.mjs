/** The peer, with all that the rows ask of it. */
import { trimMessages } from "@langchain/core/messages";
import { JsonOutputParser } from "@langchain/core/output_parsers";
import { library as sharedLibrary } from "./library.mjs";

export const library = { ...sharedLibrary, JsonOutputParser, trimMessages };
