#!/usr/bin/env node
import { leaveOnBrokenOutput, leaveSoon, nodeHost } from "./node-host.ts";
import { runCli } from "./run-cli.ts";

leaveOnBrokenOutput(process, (code) => process.exit(code));
// A process that has nothing left to wait for, though its work is not done, has failed.
process.exitCode = 1;
// The code is set, not exited with, so that what is still on its way out gets out.
void runCli(process.argv.slice(2), nodeHost(process)).then((code) => {
  process.exitCode = code;
  leaveSoon(process, () => process.exit());
});
