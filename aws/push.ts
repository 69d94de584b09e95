import type { Push } from "../chat/ports.ts";
import { managementEndpoint, region } from "./runtime.ts";
import { type Service, signedPosts } from "./signed-posts.ts";
import { credentials } from "./table/table.ts";

/** The path of a connection. Its `=` must be encoded (MG-03). */
const pathOf = (connectionId: string): string => `/@connections/${encodeURIComponent(connectionId)}`;

/** Pushes through the management API of one stage. */
export function pushWith(stage: Omit<Service, "service">): Push {
  const post = signedPosts({ ...stage, service: "execute-api" });
  return async (connectionId, frame) => {
    try {
      const { status, errorType } = await post({ path: pathOf(connectionId), body: frame });
      if (status < 300) return "delivered";
      if (status === 410) return "gone";
      return status === 429 ? "throttled" : { failed: errorType ?? String(status) };
    } catch (fault) {
      return { failed: nameOf(fault) };
    }
  };
}

const nameOf = (fault: unknown): string => (fault as NodeJS.ErrnoException).code ?? (fault as Error).name;

let own: Push | undefined;

/** The function's own push. Made when it is first needed: a function that has nobody to tell opens no pool. */
export const push: Push = (connectionId, frame) => {
  own ??= pushWith({ endpoint: managementEndpoint(), region: region(), credentials });
  return own(connectionId, frame);
};
