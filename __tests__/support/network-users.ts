import { expect } from "chai";
import { type Network, startNetwork } from "./network.ts";
import { openSession, type RecordedOptions, type RecordedSession } from "./session.ts";

/** Detects a silent connection within a second, and reconnects within another. */
const IMPATIENT = { timing: { answer: 1000, check: 500, reclaim: 500 }, ports: { random: () => 0.02 } };

export interface NetworkUser {
  readonly network: Network;
  readonly user: RecordedSession;
}

/** Users of one chat, some of them behind networks that a test breaks. */
export interface NetworkUsers {
  open(options: RecordedOptions): Promise<RecordedSession>;
  aNetwork(): Promise<Network>;
  /** Opens a session through a network of its own. */
  openByNetwork(name: string): Promise<NetworkUser>;
  /** Closes all sessions and networks. */
  close(): Promise<void>;
}

export function networkUsers(chatUrl: string): NetworkUsers {
  const closers: (() => Promise<void>)[] = [];
  const open: NetworkUsers["open"] = async (options) => {
    const recorded = await openSession(options);
    closers.push(() => recorded.session.close());
    return recorded;
  };
  const aNetwork: NetworkUsers["aNetwork"] = async () => {
    const network = await startNetwork(chatUrl);
    closers.push(network.stop);
    return network;
  };
  return {
    open,
    aNetwork,
    async openByNetwork(name) {
      const network = await aNetwork();
      return { network, user: await open({ url: network.url, name, ...IMPATIENT }) };
    },
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

/** Sends messages one after the other, each after the acknowledgement of the one before. */
export async function send({ session }: RecordedSession, texts: readonly string[]): Promise<void> {
  for (const text of texts) await session.send("lobby", text);
}

/** The texts of all messages that a user has received in the lobby. */
export const textsOf = (user: RecordedSession): string[] => user.messages("lobby").map(({ data }) => data);

export const receivedBy = (users: readonly RecordedSession[], text: string): Promise<unknown> =>
  Promise.all(users.map((user) => user.until(() => textsOf(user).includes(text))));

/** Expects that two users receive each of the messages that are sent while their networks are broken, once and in order. */
export async function expectCaughtUp(
  users: NetworkUsers,
  { url, count }: { url: string; count: number },
): Promise<void> {
  const sender = await users.open({ url, name: "carl" });
  const [mia, zoe] = [await users.openByNetwork("mia"), await users.openByNetwork("zoe")];
  const away = [mia.user, zoe.user];
  await send(sender, ["before"]);
  await receivedBy(away, "before");
  const offline = away.map((user) => user.nextState("offline"));
  mia.network.cut();
  zoe.network.silence();
  const missed = Array.from({ length: count }, (_, index) => `message ${index + 1}`);
  await send(sender, missed);
  await Promise.all(offline);
  mia.network.mend();
  zoe.network.mend();
  // Sent while they read the missed messages.
  await send(sender, ["after"]);
  await receivedBy(away, "after");
  for (const user of away) expect(textsOf(user)).to.deep.equal(["before", ...missed, "after"]);
}
