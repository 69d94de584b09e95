/** The message that a promise is rejected with. Throws when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  let value: unknown;
  try {
    value = await promise;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  throw new Error(`It did not fail, and gave ${JSON.stringify(value)}.`);
}
