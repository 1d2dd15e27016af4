import { readMustache } from "./mustache.ts";
import { wireTemplateFormat } from "./template-formats.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireTemplateFormat("mustache", readMustache);
