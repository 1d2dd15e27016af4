import { contentRunOf } from "./content-run.ts";
import { wireContentStream } from "./content-stream-slot.ts";
import { streamContentBlocks } from "./stream-content-blocks.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireContentStream({ stream: streamContentBlocks, runOf: contentRunOf });
