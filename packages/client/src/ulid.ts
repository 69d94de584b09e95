/*
 * The time in a ULID: the first ten characters are milliseconds in Crockford's base 32. https://github.com/ulid/spec
 */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARACTERS = 10;

/** Lower than every id. */
export const FIRST_ID = "0".repeat(26);

/** The time of an id, in epoch milliseconds. */
export const timeOfId = (id: string): number =>
  [...id.slice(0, TIME_CHARACTERS)].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);

/** The lowest id of a time in epoch milliseconds. */
export function lowestIdAt(milliseconds: number): string {
  let rest = Math.max(0, milliseconds);
  let time = "";
  for (let index = 0; index < TIME_CHARACTERS; index += 1) {
    time = DIGITS.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + FIRST_ID.slice(TIME_CHARACTERS);
}
