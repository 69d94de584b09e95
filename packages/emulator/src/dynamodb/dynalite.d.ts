declare module "dynalite" {
  import type { Server } from "node:http";

  interface DynaliteOptions {
    /** The folder of the LevelDB store; in memory if absent. */
    readonly path?: string;
    readonly createTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
