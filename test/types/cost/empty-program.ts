/** The least that a program that uses the package costs the compiler; what program.ts costs is counted from here. */
export { AIMessage } from "../../../src/entries/index.ts";
