import { ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { tagOf } from "../../aws/runtime.ts";
import { sampleFrame } from "../../benchmarks/cold-start/events.ts";
import { type ClientFrame, clientFrames } from "../../chat/protocol/client-frames.ts";
import { answerTo, type SignedInChat, startSignedInChat, unreadFrames } from "../support/signed-in-chat.ts";
import { tableOf } from "../support/table.ts";

type Route = keyof typeof clientFrames;

const MESSAGE = "01M85X21JF1EDDXY0AX7YRAJ1S";
const SECRET = "Nobody may know.";
const ownOf = (user: string): string => `~plans-${tagOf(user)}`;
const [OF_STAFF, OF_CREW] = ["~staff", "~crew"];

const isOf = (channel: string) => (frame: Record<string, unknown>) => frame.channel === channel;

/** Frames about a channel from a user who is not a member, by route. A route without a row gets `sampleAttempt`. */
const attempts: Partial<Record<Route, (channel: string) => readonly ClientFrame[]>> = {
  sendmessage: (channel) => [
    { message: "sendmessage", channel, data: "Who is there?" },
    { message: "sendmessage", channel, data: "Who is there?", id: "c-1" },
  ],
  join: (channel) => [
    { message: "join", channel },
    { message: "join", channel, private: true },
  ],
  leave: (channel) => [{ message: "leave", channel }],
  history: (channel) => [
    { message: "history", channel },
    { message: "history", channel, after: MESSAGE, limit: 1 },
  ],
  members: (channel) => [
    { message: "members", channel },
    { message: "members", channel, cursor: "1.A" },
  ],
  channels: (channel) => [{ message: "channels" }, { message: "channels", cursor: channel.slice(0, 2) }],
  direct: (channel) => [{ message: "direct", to: channel, data: "hi" }],
  name: (channel) => [{ message: "name", data: channel }],
  typing: (channel) => [{ message: "typing", channel }],
  invite: (channel) => [
    { message: "invite", channel, user: "eve" },
    { message: "invite", channel, user: "anna", revoke: true },
  ],
  kick: (channel) => [{ message: "kick", user: channel }],
  ban: () => [{ message: "ban", user: "nobody" }],
  unban: (channel) => [{ message: "unban", user: channel }],
  mute: (channel) => [{ message: "mute", channel, user: "anna", seconds: 60 }],
  delete: (channel) => [{ message: "delete", channel, target: MESSAGE }],
  unread: (channel) => [
    { message: "unread", channels: [channel] },
    { message: "unread", channels: ["lobby", channel] },
  ],
};

/** A valid frame of a route, with the channel if the route has one. */
const sampleAttempt =
  (route: Route) =>
  (channel: string): readonly ClientFrame[] => [
    { ...sampleFrame(route), ...("channel" in clientFrames[route].entries && { channel }) },
  ];

describe("a private channel", () => {
  let chat: SignedInChat;
  const clients: Client[] = [];
  before(async () => {
    chat = await startSignedInChat({
      moderators: ["moderators"],
      unreadCounts: true,
      privateChannels: { [OF_STAFF]: ["staff"], [OF_CREW]: ["staff"] },
    });
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  async function enter(user: string, groups?: readonly string[]): Promise<Client> {
    const client = await chat.enter(user, groups);
    clients.push(client);
    return client;
  }

  /** All items of a channel in the table. */
  async function stored(channel: string): Promise<unknown[]> {
    const { client, name } = tableOf(chat);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
    return Items.filter(({ pk }) => pk?.S?.includes(channel));
  }

  for (const [channel, maker, which, groups] of [
    [ownOf("anna"), "anna", "of a user's own, to a user", []],
    [ownOf("bert"), "bert", "of a user's own, to a moderator who is not in it", ["moderators"]],
    [OF_STAFF, "clara", "of a group, to a user", []],
    [OF_CREW, "doris", "of a group, to a moderator who is not in it", ["moderators"]],
  ] as const) {
    describe(which, () => {
      let insider: Client;
      let outsider: Client;
      before(async () => {
        [insider, outsider] = [await chat.enter(maker, ["staff"]), await chat.enter(`not-${maker}`, groups)];
        await answerTo(insider, { message: "join", channel });
        await answerTo(insider, { message: "sendmessage", channel, data: SECRET });
      });
      after(() => Promise.all([insider.close(), outsider.close()]));

      for (const route of Object.keys(clientFrames) as Route[]) {
        it(`does not exist for \`${route}\``, async () => {
          await unreadFrames(insider);
          const before = await stored(channel);
          // A name with the same length and the same prefix.
          const nowhere = channel.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
          const framesAbout = attempts[route] ?? sampleAttempt(route);
          for (const [index, frame] of framesAbout(channel).entries()) {
            const other = framesAbout(nowhere)[index] as ClientFrame;
            const [existing, unknown] = [await answersTo(outsider, frame), await answersTo(outsider, other)];
            expect(existing.replaceAll(channel, nowhere), "the answers differ").to.equal(unknown);
          }
          expect((await unreadFrames(insider)).filter(isOf(channel)), "frames to members").to.deep.equal([]);
          expect(await stored(channel), "changed").to.deep.equal(before);
        });
      }
    });
  }

  /** All answers to a frame, without its id. An accepted `typing` has no answer. */
  async function answersTo(client: Client, frame: ClientFrame): Promise<string> {
    if (frame.message === "typing") {
      client.send(frame);
      // A pushed answer can arrive after an echo, but not after two answers of the same function.
      return client.next();
    }
    return JSON.stringify(await answerTo(client, frame));
  }

  it("has one name for its maker and the invited users, and is listed for them only", async () => {
    const [emma, ben, eve] = [await enter("emma"), await enter("ben"), await enter("eve")];
    const channel = ownOf("emma");
    const made = await answerTo(emma, { message: "join", channel: "plans", private: true });
    expect(made).to.include({ type: "ack", request: "join", user: "emma", channel });
    await answerTo(emma, { message: "invite", channel, user: "ben" });
    expect(await unreadFrames(ben)).to.deep.include({ type: "invited", channel, by: "emma" });
    expect(await answerTo(ben, { message: "join", channel })).to.include({ type: "ack" });
    expect(await answerTo(ben, { message: "channels" }))
      .to.have.property("channels")
      .that.includes(channel);
    expect(await answerTo(eve, { message: "channels" }))
      .to.have.property("channels")
      .that.does.not.include(channel);
  });

  it("is closed at once to a user whose invitation is revoked", async () => {
    const [finn, gina, otto] = [await enter("finn"), await enter("gina"), await enter("otto")];
    const channel = ownOf("finn");
    await answerTo(finn, { message: "join", channel });
    for (const [client, user] of [
      [gina, "gina"],
      [otto, "otto"],
    ] as const) {
      await answerTo(finn, { message: "invite", channel, user });
      await answerTo(client, { message: "join", channel });
    }
    await unreadFrames(otto);
    await answerTo(finn, { message: "invite", channel, user: "gina", revoke: true });
    expect(await unreadFrames(otto)).to.deep.equal([{ type: "left", channel, user: "gina" }]);
    for (const message of ["history", "join"]) {
      expect(await answerTo(gina, { message, channel })).to.include({ code: "unknown-channel" });
    }
  });

  it("accepts invitations from its maker only", async () => {
    const [hugo, ida] = [await enter("hugo"), await enter("ida")];
    const channel = ownOf("hugo");
    await answerTo(hugo, { message: "join", channel });
    await answerTo(hugo, { message: "invite", channel, user: "ida" });
    await answerTo(ida, { message: "join", channel });
    expect(await answerTo(ida, { message: "invite", channel, user: "eve" })).to.include({ code: "not-allowed" });
  });

  it("is a different channel for each user who uses the same name", async () => {
    const [jan, kim] = [await enter("jan"), await enter("kim")];
    const names = [jan, kim].map((client) => answerTo(client, { message: "join", channel: "plans", private: true }));
    const [first, second] = await Promise.all(names);
    expect(first?.channel).not.to.equal(second?.channel);
  });

  it("of a group is open to its members without an invitation, and closed to others", async () => {
    const [leo, mia] = [await enter("leo", ["staff"]), await enter("mia", ["others"])];
    expect(await answerTo(leo, { message: "join", channel: OF_STAFF })).to.include({ type: "ack" });
    expect(await answerTo(mia, { message: "join", channel: OF_STAFF })).to.include({ code: "unknown-channel" });
  });
});
