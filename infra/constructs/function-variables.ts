/** The limit for all variables of a function together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const VARIABLES_BYTES_MAX = 4_096;

/** Reserved for the variables of a function that are not lists: names, addresses and numbers, at their longest. */
const OTHER_VARIABLES_BYTES = 1_024;

/** The remaining bytes, for settings without their own length limit, such as lists. */
export const LISTS_BYTES_MAX = VARIABLES_BYTES_MAX - OTHER_VARIABLES_BYTES;

/** Measured as JSON, because they are sent to AWS as JSON. */
export const variablesBytes = (variables: Readonly<Record<string, string>>): number =>
  Buffer.byteLength(JSON.stringify(variables));
