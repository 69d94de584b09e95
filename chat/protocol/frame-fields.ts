import * as v from "valibot";

/* The parts of the schemas of the frames that the chat sends. */

export const text = (description: string) => v.pipe(v.string(), v.description(description));

export const type = <const Type extends string>(name: Type) => v.pipe(v.literal(name), v.description("The type."));

/** The description states when a client receives the frame. */
export const frame = <Entries extends v.ObjectEntries>(description: string, entries: Entries) =>
  v.pipe(v.object(entries), v.description(description));

export const by = text("The user who performed the action.");
