import { openSync } from "node:fs";
import { push as realPush } from "../../aws/push/push.ts";
import type { Push } from "../../chat/ports.ts";

/** Put in by esbuild. */
declare const DEATH: { readonly of: string; readonly mark: string };

/** Ends the function in place of the first push that has a text in it. It remembers in a file that it has died. */
export const push: Push = (connectionId, frame) => {
  if (frame.includes(DEATH.of) && isFirst()) process.exit(1);
  return realPush(connectionId, frame);
};

function isFirst(): boolean {
  try {
    openSync(DEATH.mark, "wx");
    return true;
  } catch {
    return false;
  }
}
