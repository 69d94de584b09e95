import type { Close } from "../../chat/ports.ts";
import { byFetch } from "../http/fetch-transport.ts";
import { ownManagement } from "./management-api.ts";

/** The function's own. By fetch: hanging up is rare, and whoever only answers carries no pool for it. */
export const close: Close = (connectionId) => ownManagement(byFetch).close(connectionId);
