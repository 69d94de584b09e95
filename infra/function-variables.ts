/** Of all variables of a function together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const VARIABLES_BYTES_MAX = 4_096;

/** For the variables of a function that are not lists: names, addresses and numbers, at their longest. */
const OTHER_VARIABLES_BYTES = 1_024;

/** What is left for the settings without a length of their own, such as lists, that one function gets. */
export const LISTS_BYTES_MAX = VARIABLES_BYTES_MAX - OTHER_VARIABLES_BYTES;

/** Measured as JSON, which is how they are sent to AWS. */
export const variablesBytes = (variables: Readonly<Record<string, string>>): number =>
  Buffer.byteLength(JSON.stringify(variables));
