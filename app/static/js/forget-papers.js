// Where somebody logs in, no paper of whoever sat here before may still be kept.
import { forget } from "./exam-keeper.js";
import { forgetDone } from "./practical-keep.js";

export function start() {
  forget();
  forgetDone();
}
