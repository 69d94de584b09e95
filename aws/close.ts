import type { Close } from "../chat/ports.ts";
import { byFetch } from "./by-fetch.ts";
import { ownManagement } from "./management.ts";

/** The function's own. By fetch: hanging up is rare, and whoever only answers carries no pool for it. */
export const close: Close = (connectionId) => ownManagement(byFetch).close(connectionId);
