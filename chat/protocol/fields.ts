import * as v from "valibot";
import { CHANNEL_NAME } from "../channel.ts";
import { DATA_BYTES_MAX } from "../message.ts";
import { isName, NAME_RULE, USER_CHARACTERS_MAX } from "../user.ts";

/* What the frames of the wire are made of. Rules are for who broke one, descriptions for who reads the docs. */

export const PAGE_MAX = 100;

const DATA_RULE = `it must be a string of at most ${DATA_BYTES_MAX} bytes`;
const CHANNEL_RULE =
  "it must be 1 to 64 lower-case letters, digits and dashes, not begin with a dash, and have a ~ before it where it is private";
const ID_RULE = "it must be a string of 1 to 64 characters";
const ULID_RULE = "it must be the id of a message";
const USER_RULE = `it must be the name of a user, of 1 to ${USER_CHARACTERS_MAX} characters`;

/** Names the field that is wrong, what came, and what is allowed. A long text is not sent back. */
const wrong =
  (field: string, rule: string) =>
  ({ received }: v.BaseIssue<unknown>): string =>
    `"${field}" is ${received.length > 80 ? "too long" : received}; ${rule}.`;

function whole(field: string, { min, max }: { readonly min: number; readonly max: number }) {
  const not = wrong(field, `it must be a whole number from ${min} to ${max}`);
  return v.pipe(v.number(not), v.integer(not), v.minValue(min, not), v.maxValue(max, not));
}

const notData = wrong("data", DATA_RULE);
export const data = v.pipe(
  v.string(notData),
  v.maxBytes(DATA_BYTES_MAX, ({ received }) => `"data" is ${received} bytes long; ${DATA_RULE}.`),
  v.description("What to say: any text."),
);
const notAChannel = wrong("channel", CHANNEL_RULE);
export const channel = v.pipe(
  v.string(notAChannel),
  v.regex(CHANNEL_NAME, notAChannel),
  v.description("The channel's name."),
);
const notAnId = wrong("id", ID_RULE);
export const id = v.pipe(
  v.string(notAnId),
  v.minLength(1, notAnId),
  v.maxLength(64, notAnId),
  v.description("Chosen by the client. The answer to a frame has the frame's."),
);
export const isOn = (field: string, description: string) =>
  v.pipe(v.boolean(wrong(field, "it must be true or false")), v.description(description));

/** The longest mute: 30 days. */
export const MUTE_SECONDS_MAX = 30 * 24 * 60 * 60;
export const muteSeconds = v.pipe(
  whole("seconds", { min: 0, max: MUTE_SECONDS_MAX }),
  v.description("How long from now; 0 ends it."),
);

/** The longest ban with an end: 365 days. */
export const BAN_SECONDS_MAX = 365 * 24 * 60 * 60;
export const banSeconds = v.pipe(
  whole("seconds", { min: 1, max: BAN_SECONDS_MAX }),
  v.description("How long from now. Without it, the ban lasts until it is lifted with `unban`."),
);
export const limit = v.pipe(
  whole("limit", { min: 1, max: PAGE_MAX }),
  v.description("The maximum number of messages and deletions. There may be fewer: an answer fits into one frame."),
);
const notAName = wrong("data", NAME_RULE);
export const name = v.pipe(v.string(notAName), v.check(isName, notAName), v.description(`The name; ${NAME_RULE}.`));

/** The id of a message. */
export const ulid = (field: string, description: string) =>
  v.pipe(
    v.string(wrong(field, ULID_RULE)),
    v.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, wrong(field, ULID_RULE)),
    v.description(description),
  );

/** Far longer than any of ours, and short enough for a key of the table, which has 1,024 bytes at most. */
const CURSOR_CHARACTERS_MAX = 256;

const notACursor = wrong("cursor", "it must be the cursor of an earlier answer");
/** Of no shape that a client should know, or may rely on. */
export const cursor = v.pipe(
  v.string(notACursor),
  v.minLength(1, notACursor),
  v.maxLength(CURSOR_CHARACTERS_MAX, notACursor),
  v.description("Goes on where an answer ended: its `cursor`."),
);

/** A shard, and the connection after which to go on in it. */
export const membersCursor = v.pipe(cursor, v.regex(/^\d{1,6}\./, notACursor));

const USER = new RegExp(`^[\\s\\S]{1,${USER_CHARACTERS_MAX}}$`, "u");
/** Whom a frame is about. Nobody has a longer name, and a key of the table has no room for one. */
export const user = (field: string, description: string) =>
  v.pipe(v.string(wrong(field, USER_RULE)), v.regex(USER, wrong(field, USER_RULE)), v.description(description));
