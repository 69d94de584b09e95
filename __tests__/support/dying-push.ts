import { openSync } from "node:fs";
import { push as realPush } from "../../aws/push/push.ts";
import type { Push } from "../../chat/ports.ts";

/** Defined by esbuild. */
declare const DEATH: { readonly of: string; readonly mark: string };

/** Exits the process instead of the first push that contains a text. A file records that it has done so. */
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
