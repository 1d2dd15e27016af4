import { setVerboseHandler } from "../verbose-handler.ts";
import { ConsoleCallbackHandler } from "./console.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
setVerboseHandler(() => new ConsoleCallbackHandler());
