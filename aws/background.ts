/**
 * Work that an invocation does not wait for until its end. Lambda freezes a function after its response, so each boundary
 * waits for the work before it responds. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const pending = new Set<Promise<void>>();
let faults: string[] = [];

/** Starts work whose failure does not fail the invocation. */
export function inBackground(work: Promise<void>): void {
  const settled = work.catch((fault) => void faults.push(String(fault))).finally(() => pending.delete(settled));
  pending.add(settled);
}

/** Waits for all work. Returns the faults of work that has failed, for the log. */
export async function finishBackground(): Promise<readonly string[]> {
  while (pending.size > 0) await Promise.all(pending);
  const found = faults;
  faults = [];
  return found;
}
