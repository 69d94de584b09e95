/** The part of undici that posts, without the rest of it in the bundle: its pool alone loads in a third of the time. */
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";

  const pool: typeof Pool;
  export default pool;
}
