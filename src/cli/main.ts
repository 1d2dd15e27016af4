#!/usr/bin/env node
import { leaveOnBrokenOutput, nodeHost } from "./node-host.ts";
import { runCli } from "./run-cli.ts";

leaveOnBrokenOutput(process, (code) => process.exit(code));
// The code is set, not exited with, so that what is still on its way out gets out.
void runCli(process.argv.slice(2), nodeHost(process)).then((code) => {
  process.exitCode = code;
});
