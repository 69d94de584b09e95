import { decodeTime } from "ulid";
import type { Answer, Request, Unanswered } from "../frames.ts";
import type { Message } from "../message-feed.ts";
import type { SessionEvent } from "../session-state.ts";
import { visible, visibleLines } from "./visible.ts";

/** A line for the terminal. Notes are what nobody said. */
export interface Line {
  readonly kind: "own" | "others" | "note";
  readonly text: string;
}

export const note = (text: string): Line => ({ kind: "note", text });

/** `< 12:03 #ops anna: hi`, and `>` before what is the user's own. Further lines of a text stand below the first. */
function said(
  { from, at, data, deleted }: Pick<Message, "from" | "at" | "data" | "deleted">,
  { isOwn, where }: { readonly isOwn: boolean; readonly where: string },
): Line[] {
  const kind = isOwn ? "own" : "others";
  const [first = "", ...more] = visibleLines(deleted ? "(deleted)" : data);
  return [
    { kind, text: `${isOwn ? ">" : "<"} ${timeOf(at)} ${where}${visible(from)}: ${first}` },
    ...more.map((text) => ({ kind, text: `        ${text}` }) as const),
  ];
}

const timeOfId = (id: string): string => timeOf(new Date(decodeTime(id)).toISOString());

/** Hours and minutes, here. */
const timeOf = (at: string): string => {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
};

/** What an event of the session looks like. */
export function linesOfEvent(event: SessionEvent): Line[] {
  switch (event.type) {
    case "said":
      return [
        ...said(event.message, { isOwn: event.isOwn, where: `#${visible(event.message.channel)} ` }),
        ...(event.isLate ? [note("* the message above was said earlier, and came late")] : []),
      ];
    case "news":
      return linesOfNews(event.news);
    case "refused":
      return [note(`* ${visible(event.error.detail)}`)];
    case "called":
      return [note(`* you are ${visible(event.user)}`)];
    case "online":
      return [note("* connected")];
    case "ended":
      return [note(`* ${visible(event.detail)}`)];
    case "offline":
      return [
        note(
          `* not connected: ${visible(event.reason)}; trying again in ${Math.ceil(event.retryMilliseconds / 1000)} s`,
        ),
      ];
  }
}

function linesOfNews(news: Extract<SessionEvent, { type: "news" }>["news"]): Line[] {
  switch (news.type) {
    case "direct":
      return said(news, { isOwn: false, where: "to you alone, " });
    case "joined":
    case "left":
      return [note(`* ${visible(news.user)} ${news.type} #${visible(news.channel)}`)];
    case "named":
      return [note(`* ${visible(news.before)} is now ${visible(news.user)}, in #${visible(news.channel)}`)];
    case "invited":
      return [note(`* ${visible(news.by)} has invited you: /join ${visible(news.channel)}`)];
    case "deleted":
      return [note(`* ${visible(news.by)} has deleted a message of ${timeOfId(news.id)} in #${visible(news.channel)}`)];
    case "kicked":
      return [note(`* ${visible(news.by)} has kicked you`)];
    case "banned":
      return [note(`* ${visible(news.by)} has banned you${news.until === undefined ? "" : ` until ${news.until}`}`)];
    case "muted":
      return [note(`* ${visible(news.by)} has muted you in #${visible(news.channel)} until ${timeOf(news.until)}`)];
    case "unmuted":
      return [note(`* ${visible(news.by)} has ended your mute in #${visible(news.channel)}`)];
    case "revoked":
      return [note(`* ${visible(news.by)} has revoked your invitation to #${visible(news.channel)}`)];
    default:
      // Who is typing would scroll away what was said.
      return [];
  }
}

/** What comes of something that the user asked for. What is said shows by itself. */
export function linesOfAnswer(request: Request, answer: Answer | Unanswered, user: string | undefined): Line[] {
  switch (answer.type) {
    case "ack":
      return linesOfAck(request, answer.channel);
    case "history":
      return answer.messages.flatMap((message) =>
        said(message, { isOwn: message.from === user, where: `#${visible(message.channel)} ` }),
      );
    case "members":
      return [note(`* in #${visible(answer.channel)}: ${listOf(answer.members, answer.cursor)}`)];
    case "channels":
      return [note(`* channels: ${listOf(answer.channels, answer.cursor)}`)];
    default:
      return [note(`* ${visible(answer.detail)}`)];
  }
}

function linesOfAck(request: Request, channel: string | undefined): Line[] {
  switch (request.message) {
    case "join":
      return [note(`* you are in #${visible(channel ?? request.channel)}`)];
    case "invite":
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "delete":
      return [note("* done")];
    case "leave":
      return [note(`* you have left #${visible(request.channel)}`)];
    case "direct":
      return visibleLines(request.data).map((text) => ({
        kind: "own",
        text: `> to ${visible(request.to)} alone: ${text}`,
      }));
    default:
      return [];
  }
}

const listOf = (names: readonly string[], cursor: string | undefined): string =>
  names.map(visible).join(", ") + (cursor === undefined ? "" : ", and more");
