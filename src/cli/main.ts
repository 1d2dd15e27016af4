#!/usr/bin/env node
import { leaveOnClosedPipe, nodeHost } from "./node-host.ts";
import { runCli } from "./run-cli.ts";

leaveOnClosedPipe([process.stdout, process.stderr], (code) => process.exit(code));
// The code is set, not exited with, so that what is still on its way out gets out.
void runCli(process.argv.slice(2), nodeHost(process)).then((code) => {
  process.exitCode = code;
});
