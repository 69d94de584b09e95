import * as v from "valibot";
import { CHANNEL_NAME } from "../channel.ts";
import { DATA_BYTES_MAX } from "../message.ts";
import { isName, NAME_RULE, USER_CHARACTERS_MAX } from "../user.ts";

/* The fields of client frames. Error messages use the rules, and the generated docs use the descriptions. */

export const PAGE_MAX = 100;

const DATA_RULE = `it must be a string of at most ${DATA_BYTES_MAX} bytes`;
const CHANNEL_RULE =
  "it must have 1 to 64 lowercase letters, digits and hyphens, and not begin with a hyphen; a private channel has the prefix ~";
const ID_RULE = "it must be a string of 1 to 64 characters";
const ULID_RULE = "it must be the id of a message";
const USER_RULE = `it must be the name of a user, of 1 to ${USER_CHARACTERS_MAX} characters`;

/** Error message: the field, the received value and the rule. A long value is not sent back. */
export const invalid =
  (field: string, rule: string) =>
  ({ received }: v.BaseIssue<unknown>): string =>
    `"${field}" is ${received.length > 80 ? "too long" : received}; ${rule}.`;

/** For lengths: valibot reports the number of characters as the received value. */
const invalidLength =
  (field: string, rule: string) =>
  ({ received }: v.BaseIssue<unknown>): string =>
    `"${field}" is ${received === "0" ? "empty" : `${received} characters long`}; ${rule}.`;

export function integer(field: string, { min, max }: { readonly min: number; readonly max: number }) {
  const message = invalid(field, `it must be a whole number from ${min} to ${max}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

const invalidData = invalid("data", DATA_RULE);
export const data = v.pipe(
  v.string(invalidData),
  v.maxBytes(DATA_BYTES_MAX, ({ received }) => `"data" is ${received} bytes long; ${DATA_RULE}.`),
  v.description("The message text."),
);
const invalidChannel = invalid("channel", CHANNEL_RULE);
export const channel = v.pipe(
  v.string(invalidChannel),
  v.regex(CHANNEL_NAME, invalidChannel),
  v.description("The channel's name."),
);
const invalidIdLength = invalidLength("id", ID_RULE);
export const id = v.pipe(
  v.string(invalid("id", ID_RULE)),
  v.minLength(1, invalidIdLength),
  v.maxLength(64, invalidIdLength),
  v.description("Chosen by the client. The response to the frame has the same `id`."),
);
export const flag = (field: string, description: string) =>
  v.pipe(v.boolean(invalid(field, "it must be true or false")), v.description(description));

export const limit = v.pipe(
  integer("limit", { min: 1, max: PAGE_MAX }),
  v.description(
    "The maximum number of messages, deletions and edits. A response can have fewer, because it must fit into one frame.",
  ),
);
const invalidName = invalid("data", NAME_RULE);
export const name = v.pipe(
  v.string(invalidName),
  v.check(isName, invalidName),
  v.description(`The new name: ${NAME_RULE}.`),
);

/** The id of a message. */
export const ulid = (field: string, description: string) =>
  v.pipe(
    v.string(invalid(field, ULID_RULE)),
    v.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, invalid(field, ULID_RULE)),
    v.description(description),
  );

/**
 * Much longer than any cursor of the chat, and short enough for a sort key, which has at most 1,024 bytes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const CURSOR_CHARACTERS_MAX = 256;

const CURSOR_RULE = "it must be the cursor of an earlier response";
const invalidCursor = invalid("cursor", CURSOR_RULE);
const invalidCursorLength = invalidLength("cursor", CURSOR_RULE);
/** Opaque to clients. */
export const cursor = v.pipe(
  v.string(invalidCursor),
  v.minLength(1, invalidCursorLength),
  v.maxLength(CURSOR_CHARACTERS_MAX, invalidCursorLength),
  v.description("Continues after an earlier response: the `cursor` of that response."),
);

/** A shard, and the connection after which to continue in it. */
export const membersCursor = v.pipe(cursor, v.regex(/^\d{1,6}\./, invalidCursor));

const USER = new RegExp(`^[\\s\\S]{1,${USER_CHARACTERS_MAX}}$`, "u");
/** The user that a frame affects. The length is limited because the name becomes part of a key of the table. */
export const user = (field: string, description: string) =>
  v.pipe(v.string(invalid(field, USER_RULE)), v.regex(USER, invalid(field, USER_RULE)), v.description(description));

/** Error message: the missing field, or that the frame is not an object. An array counts as an object without fields. */
export function missingField({ path, received }: v.ObjectIssue): string {
  const field = path?.[0]?.key;
  if (field !== undefined) return `"${String(field)}" is missing.`;
  // Valibot quotes a string in full, however long it is.
  return `The frame is ${received.startsWith('"') ? "a string" : received}; it must be a JSON object.`;
}
