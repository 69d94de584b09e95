import type { NoResponse } from "../../../chatops/http.ts";
import { type Attempt, Broken } from "./ports.ts";

/** A call that the port rejects, whether it took effect or not. */
export function requested(name: string): Attempt {
  const failed = () => Promise.reject(new Broken(name));
  return { name, call: () => undefined, failed, lost: failed };
}

/** A request over HTTP, whose port gives a failure as a value. */
export const asked = (name: string, call: () => unknown): Attempt => ({
  name,
  call,
  failed: (): NoResponse => ({ fault: "unreachable", name: "ECONNREFUSED" }),
  lost: (): NoResponse => ({ fault: "unreachable", name: "ECONNRESET" }),
});

/** `DELETE` of a connection, whose port gives a failure as a value. */
export function closing(): Attempt {
  const failed = () => ({ failed: "Broken" });
  return { name: "DeleteConnection", call: () => "gone", failed, lost: failed };
}
