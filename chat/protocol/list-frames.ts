import * as v from "valibot";
import { LOBBY } from "../channel.ts";
import { channel, cursor, flag, id, membersCursor, missingField } from "./fields.ts";

/* The frames of lists. In a separate file, so that the bundles of other functions do not have them. */

export const ListMembers = v.object(
  { id: v.optional(id), channel: v.optional(channel, LOBBY), cursor: v.optional(membersCursor) },
  missingField,
);
export const ListChannels = v.object(
  {
    id: v.optional(id),
    mine: v.optional(flag("mine", "Only the channels of this connection, all in one response.")),
    cursor: v.optional(cursor),
  },
  missingField,
);

export type ListMembers = v.InferOutput<typeof ListMembers>;
export type ListChannels = v.InferOutput<typeof ListChannels>;
