import type { Push } from "../../chat/ports.ts";
import { byPool } from "../http/undici-transport.ts";
import { type Management, ownManagement } from "./management-api.ts";

let own: Management | undefined;

/** The function's own. Made when it is first needed: a function that has nobody to tell opens no pool. */
export const push: Push = (connectionId, frame) => {
  own ??= ownManagement(byPool);
  return own.push(connectionId, frame);
};
