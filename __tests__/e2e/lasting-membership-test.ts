import { createSession, type ReceivedMessage } from "@serverless-chat/client";
import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { WebSocket } from "ws";
import { answerTo, type SignedInChat, startSignedInChat, unreadFrames } from "../support/signed-in-chat.ts";

const GROUPS = ["staff"];

describe("lasting membership, on the emulator", () => {
  let chat: SignedInChat;
  let ben: Client;
  let plans: string;
  before(async () => {
    chat = await startSignedInChat({
      lastingMembership: true,
      moderators: ["moderators"],
      channelCreators: GROUPS,
      privateChannels: { "~ops": GROUPS },
      connectionsPerAddressMax: 1_000,
    });
    ben = await chat.enter("ben", GROUPS);
    const { channel } = await answerTo(ben, { message: "join", channel: "plans", private: true });
    plans = String(channel);
    await answerTo(ben, { message: "join", channel: "dev" });
  });
  after(async () => {
    await ben.close();
    await chat.stop();
  });

  const mine = async (client: Client): Promise<unknown> =>
    (await answerTo(client, { message: "channels", mine: true })).channels;

  /** The next `joined` or `left` that ben receives. */
  const nextNotice = async (): Promise<Record<string, unknown>> => {
    for (;;) {
      const frame = JSON.parse(await ben.next());
      if (frame.type === "joined" || frame.type === "left") return frame;
    }
  };

  it("lets a user who was away find all channels and the missed messages", async () => {
    const anna = await chat.enter("anna", GROUPS);
    await answerTo(ben, { message: "invite", channel: plans, user: "anna" });
    for (const channel of ["dev", "~ops", plans]) await answerTo(anna, { message: "join", channel });
    const { message: seen } = await answerTo(anna, { message: "sendmessage", channel: "dev", data: "Good night." });
    await anna.close();
    while ((await nextNotice()).type !== "left");
    await answerTo(ben, { message: "sendmessage", channel: "dev", data: "You have missed this." });

    const back = await chat.enter("anna", GROUPS);
    expect(await mine(back)).to.have.members(["dev", "lobby", "~ops", plans]);
    expect((await nextNotice()).channel).to.equal("lobby");
    expect((await unreadFrames(ben)).map(({ type }) => type)).not.to.include.members(["joined", "left"]);
    const { messages } = await answerTo(back, { message: "history", channel: "dev", after: seen });
    expect((messages as { data: string }[]).map(({ data }) => data)).to.deep.equal(["You have missed this."]);
    await answerTo(ben, { message: "sendmessage", channel: plans, data: "Welcome back." });
    const pushed = await unreadFrames(back);
    expect(pushed.map(({ type, data }) => `${type} ${data}`)).to.include("message Welcome back.");
    await back.close();
  });

  it("ends with a `leave`, a revocation and a lost group", async () => {
    const anna = await chat.enter("anna", GROUPS);
    await answerTo(anna, { message: "leave", channel: "dev" });
    await answerTo(ben, { message: "invite", channel: plans, user: "anna", revoke: true });
    expect(await mine(anna)).to.deep.equal(["lobby", "~ops"]);
    await anna.close();
    const [withGroup, without] = [await chat.enter("anna", GROUPS), await chat.enter("anna")];
    expect(await mine(withGroup)).to.deep.equal(["lobby", "~ops"]);
    expect(await mine(without)).to.deep.equal(["lobby"]);
    await Promise.all([withGroup.close(), without.close()]);
  });

  it("lets the client package be in the user's channels without a `join`, until another device leaves them", async () => {
    const clara = await chat.enter("clara", GROUPS);
    await answerTo(clara, { message: "join", channel: "dev" });
    await clara.close();
    await answerTo(ben, { message: "sendmessage", channel: "dev", data: "For clara." });
    const url = await chat.urlOf("clara", GROUPS);
    const session = createSession({ connect: () => ({ url }), lastingChannels: true, history: 1, WebSocket });
    const received = await new Promise<ReceivedMessage>((resolve) => session.on("message", resolve));
    expect(received).to.include({ channel: "dev", data: "For clara." });
    expect(session.channels).to.have.members(["lobby", "dev"]);
    const channels = new Promise((resolve) => session.on("channels", resolve));
    const other = await chat.enter("clara", GROUPS);
    await answerTo(other, { message: "leave", channel: "dev" });
    expect(await channels).to.deep.equal(["lobby"]);
    await Promise.all([session.close(), other.close()]);
  });
});
