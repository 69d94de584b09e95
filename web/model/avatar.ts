const COLORS = 8;

/** The first letter of a name; for a guest, that of the generated part. */
export const initialOf = (name: string): string => ([...name.replace(/^guest-/, "")][0] ?? "?").toUpperCase();

/** A number from 0 to 7. The same name always has the same color. */
export function colorOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return hash % COLORS;
}
