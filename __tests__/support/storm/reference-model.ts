import { MembershipTimes, type Span, type Tick, type Verdict } from "./membership-times.ts";

/** A message that was sent to a channel. `data` is unique. */
export interface SentMessage extends Span {
  readonly sender: ModelConnection;
  readonly channel: string;
  readonly data: string;
  /** How often the frame was sent with the same `id`. */
  readonly times: number;
  /** `refused`: the chat answered that the sender is not a member. `unanswered`: the sender disconnected first. */
  fate: "sent" | "refused" | "unanswered";
  ended: Tick;
  /** From the acknowledgement. */
  id?: string;
}

export interface ReceivedMessage {
  readonly data: string;
  /** Only with chat.v1. */
  readonly channel?: string;
  readonly id?: string;
}

/** One connection of a user, with the messages that it received. */
export interface ModelConnection {
  readonly name: string;
  readonly received: ReceivedMessage[];
  readonly memberships: Map<string, MembershipTimes>;
}

/**
 * A reference model of the chat: lists of everything that clients sent and received. It does not model tables, pushes or
 * functions.
 */
export class ReferenceModel {
  readonly #sent = new Map<string, SentMessage>();
  readonly #connections: ModelConnection[] = [];
  readonly #histories = new Map<string, readonly ReceivedMessage[]>();
  #tick = 0;

  open(name: string): ModelConnection {
    const connection = { name, received: [], memberships: new Map() };
    this.#connections.push(connection);
    return connection;
  }

  /** Records a request to join or leave a channel. Returns a function that records its answer. */
  move(
    connection: ModelConnection,
    { channel, requested }: { readonly channel: string; readonly requested: "in" | "out" },
  ) {
    const memberships = connection.memberships.get(channel) ?? new MembershipTimes();
    connection.memberships.set(channel, memberships);
    memberships.begin(this.#next(), requested);
    return (verdict: Verdict): void => memberships.end(this.#next(), verdict);
  }

  close(connection: ModelConnection): void {
    const tick = this.#next();
    for (const memberships of connection.memberships.values()) memberships.close(tick);
  }

  /** Records a sent message. Returns a function that records its acknowledgement or refusal. */
  send(sender: ModelConnection, { channel, times }: Pick<SentMessage, "channel" | "times">) {
    const sent: SentMessage = {
      sender,
      channel,
      times,
      data: `${sender.name} ${this.#sent.size}`,
      fate: "unanswered",
      begun: this.#next(),
      ended: Number.POSITIVE_INFINITY,
    };
    this.#sent.set(sent.data, sent);
    const settle = (fate: SentMessage["fate"], id?: string): void => {
      Object.assign(sent, { fate, ended: this.#next(), ...(id !== undefined && { id }) });
    };
    return { data: sent.data, settle };
  }

  addHistory(channel: string, history: readonly ReceivedMessage[]): void {
    this.#histories.set(channel, history);
  }

  /** A sentence for each message that was lost, leaked or delivered out of order. */
  violations(): string[] {
    const all = [...this.#sent.values()];
    return [
      ...this.#connections.flatMap((connection) => [
        ...connection.received.flatMap((received) => this.#wrongDelivery(connection, received)),
        ...misordered(connection.received.flatMap(({ data }) => this.#sent.get(data) ?? [])).map(
          (pair) => `${connection.name} received ${pair}`,
        ),
      ]),
      ...all.flatMap((sent) => [...wrongResult(sent), ...this.#missing(sent)]),
      ...[...this.#histories].flatMap(([channel, history]) =>
        historyViolations(
          history,
          all.filter((sent) => sent.channel === channel),
        ).map((sentence) => `In the history of ${channel}, ${sentence}`),
      ),
    ];
  }

  /** Messages that the connection should not have received. */
  #wrongDelivery({ name, received: all, memberships }: ModelConnection, received: ReceivedMessage): string[] {
    const sent = this.#sent.get(received.data);
    if (!sent) return [`${name} received "${received.data}", which was not sent`];
    const wrong: string[] = [];
    if (sent.fate === "refused") wrong.push("which was refused");
    if (!memberships.get(sent.channel)?.possiblyDuring(sent)) wrong.push(`without being a member of ${sent.channel}`);
    if (all.filter(({ data }) => data === sent.data).length > sent.times) wrong.push("too often");
    if (received.channel !== undefined && received.channel !== sent.channel)
      wrong.push(`with the channel ${received.channel}`);
    if (received.id !== undefined && sent.id !== undefined && received.id !== sent.id) wrong.push("with another id");
    return wrong.map((how) => `${name} received "${sent.data}" ${how}`);
  }

  #missing(sent: SentMessage): string[] {
    if (sent.fate !== "sent") return [];
    return this.#connections
      .filter(({ memberships }) => memberships.get(sent.channel)?.certainlyDuring(sent))
      .filter(({ received }) => !received.some(({ data }) => data === sent.data))
      .map(({ name }) => `${name} was in ${sent.channel} and did not receive "${sent.data}"`);
  }

  #next(): Tick {
    this.#tick += 1;
    return this.#tick;
  }
}

/** Checks that only members can send. */
function wrongResult(sent: SentMessage): string[] {
  const { sender, channel, data, fate } = sent;
  const memberships = sender.memberships.get(channel);
  if (fate === "sent" && !memberships?.possiblyDuring(sent))
    return [`${sender.name} sent "${data}" without being a member of ${channel}`];
  if (fate === "refused" && memberships?.certainlyDuring(sent))
    return [`${sender.name} was in ${channel} and could not send "${data}"`];
  return [];
}

/** Pairs in the wrong order: a message that was acknowledged before another was sent must come first. */
export function misordered(sequence: readonly SentMessage[]): string[] {
  const wrong: string[] = [];
  let latest: SentMessage | undefined;
  for (const sent of sequence) {
    if (latest && sent.ended < latest.begun) wrong.push(`"${sent.data}" after "${latest.data}"`);
    if (!latest || sent.begun > latest.begun) latest = sent;
  }
  return wrong;
}

/** A sentence for each difference between the history of a channel and the messages that were sent to it. */
export function historyViolations(history: readonly ReceivedMessage[], sent: readonly SentMessage[]): string[] {
  const sentBy = new Map(sent.map((one) => [one.data, one]));
  const kept = new Set(history.map(({ data }) => data));
  const ids = history.map(({ id = "" }) => id);
  const missing = sent.filter(({ data, fate }) => fate === "sent" && !kept.has(data));
  const inOrder = history.flatMap(({ data }) => sentBy.get(data) ?? []);
  return [
    ...history.flatMap((message) => wrongEntry(message, sentBy.get(message.data))),
    ...missing.map(({ data }) => `"${data}" is missing`),
    ...misordered(inOrder).map((pair) => `the order is ${pair}`),
    ...(kept.size < history.length ? ["a message occurs twice"] : []),
    ...(ids.some((id, index) => id <= (ids[index - 1] ?? "")) ? ["messages are not in the order of their ids"] : []),
  ];
}

function wrongEntry({ data, id }: ReceivedMessage, sent: SentMessage | undefined): string[] {
  if (!sent) return [`"${data}" was not sent to this channel`];
  if (sent.fate === "refused") return [`"${data}" was refused`];
  return sent.id !== undefined && sent.id !== id ? [`"${data}" has another id`] : [];
}
