import { type Factories, wireRunnables } from "../factories.ts";
import { buildGraph } from "./build-graph.ts";

// It only fills a slot. package.json lists the file under `sideEffects`, so that bundlers keep it.
wireRunnables({ graph: buildGraph as Factories["graph"] });
