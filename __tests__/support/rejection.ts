/** The message that a promise is rejected with. Throws when it is not. */
export const rejection = async (promise: Promise<unknown>): Promise<string> => {
  const fault = await faultOf(promise);
  return fault instanceof Error ? fault.message : String(fault);
};

/** The same, after the name of the fault: `TypeError: not a text`. */
export const namedRejection = async (promise: Promise<unknown>): Promise<string> => {
  const { name, message } = (await faultOf(promise)) as Error;
  return `${name}: ${message}`;
};

async function faultOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (fault) {
    return fault;
  }
  throw new Error(`It did not fail, and gave ${JSON.stringify(value)}.`);
}
