import * as v from "valibot";
import { cursor, id, limit, missingField, ulid } from "./fields.ts";
import { inPlace } from "./place-fields.ts";

/* The frames that read messages. In a separate file, so that the bundles of other functions do not have them. */

export const History = v.object(
  {
    id: v.optional(id),
    ...inPlace,
    limit: v.optional(limit, 50),
    before: v.optional(ulid("before", "Only messages before this id. With `after`: only entries between the two.")),
    after: v.optional(
      ulid(
        "after",
        "Only messages, deletions and edits after this id, earliest first. Without it: the latest messages.",
      ),
    ),
  },
  missingField,
);
export const ListConversations = v.object({ id: v.optional(id), cursor: v.optional(cursor) }, missingField);

export type History = v.InferOutput<typeof History>;
export type ListConversations = v.InferOutput<typeof ListConversations>;
