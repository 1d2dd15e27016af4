import { wireModels } from "../model-parts.ts";
import { structuredOutput } from "./structured-output.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireModels({ structuredOutput });
