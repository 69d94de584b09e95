/** The message of the error that a promise is rejected with. Throws if the promise is fulfilled. */
export const rejection = async (promise: Promise<unknown>): Promise<string> => (await faultOf(promise)).message;

/** The same, after the name of the error: `TypeError: not a text`. */
export async function namedRejection(promise: Promise<unknown>): Promise<string> {
  const { name, message } = await faultOf(promise);
  return `${name}: ${message}`;
}

async function faultOf(promise: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await promise;
  } catch (fault) {
    return fault as Error;
  }
  throw new Error(`Expected a rejection, but the promise was fulfilled with ${JSON.stringify(value)}.`);
}
