import fc from "fast-check";

/** What a person does next. Who has no connection opens one first. */
export interface Step {
  readonly who: number;
  readonly act: "join" | "leave" | "say" | "say twice" | "name" | "hang up" | "die";
  /** 0 is the lobby. */
  readonly channel: number;
  readonly name: number;
  /** For the answer, before the next step. */
  readonly waits: boolean;
}

export interface Size {
  readonly people: number;
  /** Beside the lobby. */
  readonly channels: number;
}

const ACTS: readonly { readonly act: Step["act"]; readonly weight: number }[] = [
  { act: "say", weight: 8 },
  { act: "say twice", weight: 1 },
  { act: "join", weight: 5 },
  { act: "leave", weight: 3 },
  { act: "name", weight: 2 },
  { act: "hang up", weight: 2 },
  { act: "die", weight: 1 },
];

/** Fewer names than people, so that they are fought for. */
const namesFor = (people: number): number => Math.ceil(people / 3);

/** Anything that people may do, in any order. */
export const storms = (
  { people, channels }: Size,
  { least, most }: { readonly least: number; readonly most: number },
): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      who: fc.nat(people - 1),
      act: fc.oneof(...ACTS.map(({ act, weight }) => ({ arbitrary: fc.constant(act), weight }))),
      channel: fc.nat(channels),
      name: fc.nat(namesFor(people)),
      waits: fc.boolean(),
    }),
    { minLength: least, maxLength: most, size: "max" },
  );

/** Everybody joins channels first, so that each has so many members. */
export function settle({ people, channels }: Size, each: number): Step[] {
  const memberships = Array.from({ length: channels * each }, (_, index) => index);
  return memberships.map((index) => ({
    who: index % people,
    act: "join",
    channel: 1 + ((Math.floor(index / people) * 7 + index) % channels),
    name: 0,
    waits: true,
  }));
}
