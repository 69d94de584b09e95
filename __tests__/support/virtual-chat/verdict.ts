import { ChatError } from "@serverless-chat/client";
import { isDeletion, isEdit } from "../../../chat/message.ts";
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
    const log = await gateway.chat.messages.read({ channel, after: FIRST_ID, limit: 1e6, latestFirst: false });
    const history = log.flatMap((entry) => (isDeletion(entry) || isEdit(entry) ? [] : [entry]));
    const stored = new Map(history.map(({ data, id }) => [data, id]));
    const sent = clients.flatMap((client) => client.sent.filter((each) => each.channel === channel));
    if (stored.size < history.length) wrong.push(`${channel}: history has a message twice`);
    wrong.push(...sent.flatMap((each) => wrongOutcome(each, stored)));
    for (const client of clients) wrong.push(...wronglyReceived(client, { channel, stored, sent, isLateAllowed }));
  }
  return [...wrong, ...clients.flatMap(wrongSession)];
}

function wrongOutcome({ data, outcome }: Sent, stored: ReadonlyMap<string, string>): string[] {
  if (outcome === undefined) return [`"${data}" never settled`];
  if (outcome instanceof ChatError) {
    // The chat had a fault at every attempt. The message may be stored.
    return outcome.code === "internal" ? [] : [`"${data}" was rejected with ${outcome.code}: ${outcome.message}`];
  }
  if (outcome.id !== stored.get(data)) return [`"${data}" was acknowledged as ${outcome.id}, not as stored`];
  return [];
}

interface Expected {
  readonly channel: string;
  readonly stored: ReadonlyMap<string, string>;
  readonly sent: readonly Sent[];
  readonly isLateAllowed: boolean;
}

function wronglyReceived(client: VirtualClient, expected: Expected): string[] {
  const { channel, stored, sent } = expected;
  const counts = new Map<string, number>();
  for (const { data } of client.received(channel)) counts.set(data, (counts.get(data) ?? 0) + 1);
  const joinedAt = client.network.joinedAt.get(channel) ?? Number.POSITIVE_INFINITY;
  const repeated = [...counts].filter(([, count]) => count > 1);
  const missing = sent.filter(({ data, at }) => at >= joinedAt && stored.has(data) && !counts.has(data));
  return [
    ...misplaced(client, expected),
    ...repeated.map(([data, count]) => `${client.user} received "${data}" ${count} times`),
    ...missing.map(({ data }) => `${client.user} did not receive "${data}" in ${channel}`),
  ];
}

/** Messages that are not in the history, out of order, late, or attributed to the wrong user. */
function misplaced(client: VirtualClient, { channel, stored, isLateAllowed }: Expected): string[] {
  let last = FIRST_ID;
  return client.received(channel).flatMap(({ id, data, isLate, isOwn }) => {
    const isOlder = id < last;
    last = isOlder ? last : id;
    const checks: [boolean, string][] = [
      [stored.get(data) === id, `which is not in the history of ${channel}`],
      [isLate === isOlder, `out of order, with isLate ${isLate}`],
      [isLateAllowed || !isLate, "late"],
      [isOwn === data.startsWith(`${client.user} `), `with isOwn ${isOwn}`],
    ];
    return checks.flatMap(([isRight, how]) => (isRight ? [] : [`${client.user} received "${data}" ${how}`]));
  });
}

function wrongSession({ user, recorded, isIdle, isOnline, session }: VirtualClient): string[] {
  const wrong = isIdle ? [] : [`${user} has requests that did not settle`];
  for (const { code, message } of recorded.of("error")) {
    if (code !== "name-taken") wrong.push(`${user} was refused: ${message}`);
  }
  if (!isOnline) wrong.push(`${user} did not come back`);
  const isCalled = session.user === user || isGuest(session.user ?? "");
  return isCalled ? wrong : [...wrong, `${user} is called ${session.user}`];
}
