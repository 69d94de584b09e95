import { isAuthenticated } from "../connection.ts";
import { NOT_STORED } from "../conversations.ts";
import type { Conversations } from "../message-ports.ts";
import { echoId } from "../protocol/frames.ts";
import type { ListConversations } from "../protocol/history-frames.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports {
  readonly conversations: Pick<Conversations, "list">;
}

/** A page must fit into a frame of 128 KB, and a name can have up to 1 KB. */
const PAGE_CONVERSATIONS = 50;

export const conversations: FrameHandler<ListConversations, Ports> = async (ports, { connected, frame }) => {
  if (!isAuthenticated(connected)) return { refusal: NOT_STORED };
  const found = await ports.conversations.list(connected.user, { after: frame.cursor, limit: PAGE_CONVERSATIONS });
  const next = found.length === PAGE_CONVERSATIONS ? found.at(-1)?.pair : undefined;
  const listed = found.map(({ other: { name, publisher }, last, change }) => ({
    direct: name,
    ...(publisher && { publisher }),
    last,
    ...(change !== undefined && { change }),
  }));
  return {
    reply: {
      type: "conversations",
      ...echoId(frame),
      conversations: listed,
      ...(next !== undefined && { cursor: next }),
    },
    facts: { conversations: listed.length },
  };
};
