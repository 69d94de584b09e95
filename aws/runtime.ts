/** The clock of the functions, in epoch milliseconds. */
export const now = (): number => Date.now();

/** A variable of the function's environment. Throws when Terraform did not set it. */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set: the function's Terraform must set it.`);
  return value;
}
