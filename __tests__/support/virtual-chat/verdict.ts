import { isGuest } from "../../../chat/user.ts";
import type { Sent, VirtualClient } from "./client.ts";
import { CHANNELS, type Outcome } from "./run.ts";

const FIRST_ID = "0".repeat(26);

/** What is wrong after a run, in sentences. */
export async function violations(
  { clients, gateway }: Outcome,
  { isLateAllowed }: { readonly isLateAllowed: boolean },
): Promise<string[]> {
  const wrong: string[] = [];
  for (const channel of CHANNELS) {
    const history = await gateway.chat.messages.read({ channel, after: FIRST_ID, limit: 1e6, latestFirst: false });
    const stored = new Map(history.map(({ data, id }) => [data, id]));
    const sent = clients.flatMap((client) => client.sent.filter((each) => each.channel === channel));
    if (stored.size < history.length) wrong.push(`${channel}: history has a message twice`);
    wrong.push(...sent.flatMap((each) => wrongAnswer(each, stored)));
    for (const client of clients) wrong.push(...wronglyHeard(client, { channel, stored, sent, isLateAllowed }));
  }
  return [...wrong, ...clients.flatMap(wrongSession)];
}

function wrongAnswer({ data, answer }: Sent, stored: ReadonlyMap<string, string>): string[] {
  if (answer === undefined) return [`"${data}" never settled`];
  if (answer.type !== "ack") return [`"${data}" was answered with ${JSON.stringify(answer)}`];
  if (answer.message !== stored.get(data)) return [`"${data}" was acknowledged as ${answer.message}, not as stored`];
  return [];
}

interface Expected {
  readonly channel: string;
  readonly stored: ReadonlyMap<string, string>;
  readonly sent: readonly Sent[];
  readonly isLateAllowed: boolean;
}

function wronglyHeard(client: VirtualClient, { channel, stored, sent, isLateAllowed }: Expected): string[] {
  const { user, network } = client;
  const wrong: string[] = [];
  const heard = client.heard(channel);
  const counts = new Map<string, number>();
  let last = FIRST_ID;
  for (const { message, isLate, isOwn } of heard) {
    const { id, data } = message;
    counts.set(data, (counts.get(data) ?? 0) + 1);
    if (stored.get(data) !== id) wrong.push(`${user} heard "${data}", which is not in the history of ${channel}`);
    if (isLate !== id < last) wrong.push(`${user} heard "${data}" out of order: isLate is ${isLate}`);
    if (isLate && !isLateAllowed) wrong.push(`${user} heard "${data}" late`);
    if (isOwn !== data.startsWith(`${user} `)) wrong.push(`${user} heard "${data}": isOwn is ${isOwn}`);
    if (id > last) last = id;
  }
  for (const [data, count] of counts) if (count > 1) wrong.push(`${user} heard "${data}" ${count} times`);
  const since = network.joinedAt.get(channel);
  if (since === undefined) return wrong;
  for (const { data, at } of sent) {
    if (at >= since && stored.has(data) && !counts.has(data))
      wrong.push(`${user} did not hear "${data}" in ${channel}`);
  }
  return wrong;
}

function wrongSession({ user, events, isIdle, session }: VirtualClient): string[] {
  const wrong = isIdle ? [] : [`${user} has requests that did not settle`];
  for (const event of events) {
    if (event.type === "ended") wrong.push(`${user}'s session ended: ${event.detail}`);
    if (event.type === "refused" && event.error.code !== "name-taken")
      wrong.push(`${user} was refused: ${JSON.stringify(event.error)}`);
  }
  const last = events.filter(({ type }) => type === "online" || type === "offline").at(-1);
  if (last?.type !== "online") wrong.push(`${user} did not come back`);
  if (session.user === undefined || (user !== session.user && !isGuest(session.user)))
    wrong.push(`${user} is called ${session.user}`);
  return wrong;
}
