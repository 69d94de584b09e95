import { openSync } from "node:fs";
import * as real from "../../aws/push/management-api.ts";
import type { Push } from "../../chat/ports.ts";

export const { close, probe } = real;

/** Defined by esbuild. */
declare const DEATH: { readonly of: string; readonly mark: string };

/** Ends the function instead of the first push that contains a text. A file records that it has ended. */
export const push = (config: Parameters<typeof real.push>[0]): Push => {
  const realPush = real.push(config);
  return (connectionId, frame) => {
    if (frame.includes(DEATH.of) && isFirst()) process.exit(1);
    return realPush(connectionId, frame);
  };
};

function isFirst(): boolean {
  try {
    openSync(DEATH.mark, "wx");
    return true;
  } catch {
    return false;
  }
}
