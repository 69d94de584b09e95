import type { Probe } from "../../chat/ports.ts";
import { byFetch } from "../http/fetch-transport.ts";
import { ownManagement } from "./management-api.ts";

/** The function's own. By fetch: only a handshake at a limit probes, and a function that never does loads no pool for it. */
export const probe: Probe = (connectionId) => ownManagement(byFetch).probe(connectionId);
