/* The load's process: so that the client's CPU is not the server's. */
import { measure } from "../load-process.ts";

const [url = ""] = process.argv.slice(2);

process.send?.(await measure(url));
process.disconnect();
