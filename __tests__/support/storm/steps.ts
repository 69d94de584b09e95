import fc from "fast-check";

/** The next action of a user. A user without a connection opens one first. */
export interface Step {
  readonly user: number;
  readonly act: "join" | "leave" | "send" | "repeat" | "name" | "close" | "terminate";
  /** 0 is the lobby. */
  readonly channel: number;
  readonly name: number;
  /** Whether the user waits for the answer before the next step. */
  readonly waits: boolean;
}

export interface Size {
  readonly users: number;
  /** Without the lobby. */
  readonly channels: number;
}

const ACTS: readonly { readonly act: Step["act"]; readonly weight: number }[] = [
  { act: "send", weight: 8 },
  { act: "repeat", weight: 1 },
  { act: "join", weight: 5 },
  { act: "leave", weight: 3 },
  { act: "name", weight: 2 },
  { act: "close", weight: 2 },
  { act: "terminate", weight: 1 },
];

/** Fewer names than users, so that they conflict. */
const namesFor = (users: number): number => Math.ceil(users / 3);

/** Random actions of users, in a random order. */
export const storms = (
  { users, channels }: Size,
  { least, most }: { readonly least: number; readonly most: number },
): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      user: fc.nat(users - 1),
      act: fc.oneof(...ACTS.map(({ act, weight }) => ({ arbitrary: fc.constant(act), weight }))),
      channel: fc.nat(channels),
      name: fc.nat(namesFor(users)),
      waits: fc.boolean(),
    }),
    { minLength: least, maxLength: most, size: "max" },
  );

/** Steps with which users join channels, so that each channel has this many members. */
export function settle({ users, channels }: Size, each: number): Step[] {
  const memberships = Array.from({ length: channels * each }, (_, index) => index);
  return memberships.map((index) => ({
    user: index % users,
    act: "join",
    channel: 1 + ((Math.floor(index / users) * 7 + index) % channels),
    name: 0,
    waits: true,
  }));
}
