/* What policy documents are made of: what may stand alone or in a list, and objects. */

export const list = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

export function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} is ${JSON.stringify(value)}; it must be an object.`);
}
