export { plainPiece as piece } from "../laws/messages/arbitraries/tool-calls.ts";
