import { openSync } from "node:fs";
import * as real from "../../aws/push/management-api.ts";
import type { Push } from "../../chat/ports.ts";

export const { close, probe } = real;

/** Defined by esbuild, see dying-chat.ts. */
declare const DIES_AT: { readonly text: string; readonly markerFile: string };

/** Exits before the first push whose frame contains the text. The marker file makes it happen only once. */
export const push = (config: Parameters<typeof real.push>[0]): Push => {
  const realPush = real.push(config);
  return (connectionId, frame) => {
    if (frame.includes(DIES_AT.text) && isFirst()) process.exit(1);
    return realPush(connectionId, frame);
  };
};

function isFirst(): boolean {
  try {
    openSync(DIES_AT.markerFile, "wx");
    return true;
  } catch {
    return false;
  }
}
