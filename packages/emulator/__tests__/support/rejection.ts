/** The message of the error that a promise rejects with. Throws if the promise is fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  const fault = await faultOf(promise);
  return fault instanceof Error ? fault.message : String(fault);
}

/** The same, after the name of the error: `TypeError: not a text`. */
export async function namedRejection(promise: Promise<unknown>): Promise<string> {
  const { name, message } = (await faultOf(promise)) as Error;
  return `${name}: ${message}`;
}

async function faultOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (fault) {
    return fault;
  }
  throw new Error(`Expected a rejection, but the promise was fulfilled with ${JSON.stringify(value)}.`);
}
