// Where nobody is logged in, no examiner's pages may still open without a network.
import { forget } from "./tablet-keeper.js";

export function start() { forget(); }
