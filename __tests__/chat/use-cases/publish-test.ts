import { expect } from "chai";
import { ulid } from "ulid";
import { pairOf } from "../../../aws/table/keys.ts";
import { conversationLog, LOBBY } from "../../../chat/channel.ts";
import { DATA_BYTES_MAX } from "../../../chat/message.ts";
import { type PublishPorts, publish } from "../../../chat/use-cases/publish.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, type Chat, gone } from "../../support/chat.ts";
import { type Fault, faultyPorts, type Run, WAYS } from "../../support/faults/ports.ts";

const FOREVER = Number.POSITIVE_INFINITY;
const ANY = { channels: "any", users: true } as const;

const portsOf = (chat: Chat, own: Partial<PublishPorts> = {}): PublishPorts => ({
  ...chat,
  publishRules: ANY,
  onFault: (fault) => {
    throw fault;
  },
  ...own,
});

const logOf = (chat: Chat, channel = LOBBY) => chat.messages.read({ channel, limit: 100, latestFirst: false });
const codesIn = (outcomes: readonly object[]) =>
  outcomes.map((outcome) => ("error" in outcome ? (outcome.error as { code: string }).code : "sent"));

describe("chat/use-cases/publish", () => {
  it("stores and delivers messages in their order, marked as published", async () => {
    const chat = aChat();
    const [plain, json] = [await chat.enter(), await chat.enter({ protocol: "chat.v1" })];
    const messages = [
      { channel: LOBBY, data: "deployed 1.4.2", from: "deploy", id: "d-1" },
      { channel: LOBBY, data: "checked", id: "d-2" },
    ];
    const outcomes = await publish(portsOf(chat), messages, FOREVER);
    const [first, second] = await logOf(chat);
    expect(outcomes).to.deep.equal([
      { id: "d-1", messageId: first?.id },
      { id: "d-2", messageId: second?.id },
    ]);
    expect(first).to.include({ from: "deploy", data: "deployed 1.4.2", publisher: true });
    expect(second).to.include({ from: "publisher", data: "checked", publisher: true });
    expect(chat.received(plain)).to.deep.equal(["deployed 1.4.2", "checked"]);
    expect((chat.received(json) as object[])[0]).to.include({ type: "message", from: "deploy", publisher: true });
    expect(chat.counted().MessagesAccepted).to.equal(2);
  });

  it("sends a reply with mentions to a channel", async () => {
    const chat = aChat();
    const own = { replyTo: ulid(NOON), mentions: ["ben"] };
    const outcomes = await publish(portsOf(chat), [{ channel: LOBBY, data: "hi @ben", id: "d-1", ...own }], FOREVER);
    expect(codesIn(outcomes)).to.deep.equal(["sent"]);
    expect((await logOf(chat))[0]).to.deep.include({ ...own, publisher: true });
  });

  it("sends a message once, however often it is published with the same id", async () => {
    const chat = aChat();
    const member = await chat.enter();
    const message = { channel: LOBBY, data: "hi", id: "d-1" };
    const [first] = await publish(portsOf(chat), [message], FOREVER);
    const [second, other] = await publish(portsOf(chat), [message, { ...message, from: "other" }], FOREVER);
    expect(second).to.deep.equal({ ...first, repeated: true });
    expect(other).not.to.have.property("repeated");
    expect(chat.received(member)).to.deep.equal(["hi", "hi"]);
  });

  it("reports invalid messages by field, and sends the others", async () => {
    const chat = aChat();
    const valid = { channel: LOBBY, data: "hi", id: "d-1" };
    const outcomes = await publish(
      portsOf(chat),
      [
        { ...valid, colour: "red" },
        { channel: LOBBY, data: "hi" },
        { ...valid, user: "anna" },
        { data: "hi", id: "d-2" },
        { ...valid, channel: "Ops" },
        { ...valid, data: "x".repeat(DATA_BYTES_MAX + 1) },
        { ...valid, from: "chat-ops" },
        { ...valid, from: "guest-abc234" },
        { ...valid, channel: undefined, user: "anna", mentions: ["ben"] },
        { ...valid, replyTo: "d-0" },
        null,
        { ...valid, id: "" },
        valid,
      ],
      FOREVER,
    );
    expect(outcomes.at(-2)).to.deep.equal({
      error: { code: "malformed-message", message: '"id" is empty; it must be a string of 1 to 64 characters.' },
    });
    expect(codesIn(outcomes)).to.deep.equal([...Array.from({ length: 12 }, () => "malformed-message"), "sent"]);
    expect(outcomes.slice(0, 4)).to.deep.equal([
      {
        id: "d-1",
        error: {
          code: "malformed-message",
          message: '"colour" is unknown. Allowed fields: channel, user, data, from, id, replyTo, mentions.',
        },
      },
      { error: { code: "malformed-message", message: '"id" is missing.' } },
      {
        id: "d-1",
        error: {
          code: "malformed-message",
          message: 'A message must have either "channel" or "user", and not both.',
        },
      },
      {
        id: "d-2",
        error: {
          code: "malformed-message",
          message: 'A message must have either "channel" or "user", and not both.',
        },
      },
    ]);
    expect(await logOf(chat)).to.have.length(1);
  });

  it("refuses channels and users that the setting does not allow, and channels that do not exist", async () => {
    const chat = aChat();
    const messages = [
      { channel: "ops", data: "hi", id: "d-1" },
      { channel: LOBBY, data: "hi", id: "d-2" },
      { user: "anna", data: "hi", id: "d-3" },
    ];
    const limited = portsOf(chat, { publishRules: { channels: ["ops"], users: false } });
    expect(codesIn(await publish(limited, messages, FOREVER))).to.deep.equal([
      "sent",
      "channel-not-allowed",
      "users-not-allowed",
    ]);
    const [unknown] = await publish(portsOf(chat), [{ channel: "plans", data: "hi", id: "d-4" }], FOREVER);
    expect(codesIn([unknown as object])).to.deep.equal(["unknown-channel"]);
    expect(await logOf(chat, "plans")).to.deep.equal([]);
  });

  it("sends to all connections of a user, once for each id", async () => {
    const chat = aChat();
    const anna = { user: "anna", groups: [], protocol: "chat.v1" } as const;
    const [first, second] = [await chat.enter(anna), await chat.enter(anna)];
    const message = { user: "anna", data: "Your build failed.", from: "ci", id: "d-1" };
    const [sent] = await publish(portsOf(chat), [message], FOREVER);
    expect(await publish(portsOf(chat), [message], FOREVER)).to.deep.equal([{ ...sent, repeated: true }]);
    for (const connection of [first, second]) {
      const [frame, ...others] = chat.received(connection) as object[];
      expect(others).to.deep.equal([]);
      expect(frame).to.include({ type: "direct", to: "anna", from: "ci", data: message.data, publisher: true });
    }
  });

  it("reports a user without connections, and sends when the user is back", async () => {
    const chat = aChat();
    const left = await chat.enter({ user: "anna", groups: [] });
    chat.setPushOutcome(left, gone);
    const message = { user: "anna", data: "hi", id: "d-1" };
    expect(codesIn(await publish(portsOf(chat), [message], FOREVER))).to.deep.equal(["unknown-user"]);
    const anna = await chat.enter({ user: "anna", groups: [] });
    expect(codesIn(await publish(portsOf(chat), [message], FOREVER))).to.deep.equal(["sent"]);
    expect(chat.received(anna)).to.deep.equal(["hi"]);
  });

  it("stores messages to users with directConversations, in another conversation than a user with the same name", async () => {
    const chat = aChat({ directConversations: true });
    const [anna, ci] = [await chat.enter({ user: "anna", groups: [] }), await chat.enter({ user: "ci", groups: [] })];
    await chat.knownUsers.add("ben");
    const message = { user: "anna", data: "Your build failed.", from: "ci", id: "d-1" };
    const [sent] = await publish(portsOf(chat), [message], FOREVER);
    expect(await publish(portsOf(chat), [message], FOREVER)).to.deep.equal([{ ...sent, repeated: true }]);
    expect(codesIn(await publish(portsOf(chat), [{ ...message, user: "ben" }], FOREVER))).to.deep.equal(["sent"]);
    expect(codesIn(await publish(portsOf(chat), [{ ...message, user: "zoe" }], FOREVER))).to.deep.equal([
      "unknown-user",
    ]);
    expect([chat.received(anna), chat.received(ci)]).to.deep.equal([["Your build failed."], []]);
    const other = { name: "ci", publisher: true } as const;
    const log = await logOf(chat, conversationLog(pairOf("anna", other)));
    expect(log).to.have.length(1);
    expect(log[0]).to.include({ from: "ci", publisher: true, clientMessageId: "d-1" });
    expect(await logOf(chat, conversationLog(pairOf("anna", { name: "ci" })))).to.deep.equal([]);
    expect((await chat.conversations.list("anna", { limit: 9 })).map((each) => each.other)).to.deep.equal([other]);
    expect(await chat.conversations.list("ci", { limit: 9 })).to.deep.equal([]);
  });

  it("does not start messages for which the time is too short, so that a retry sends them", async () => {
    let time = NOON;
    const chat = aChat({ now: () => time });
    const ports = portsOf(chat, {
      push: async (...push) => {
        time += 20_000;
        return chat.push(...push);
      },
    });
    const member = await chat.enter();
    const messages = ["one", "two"].map((data) => ({ channel: LOBBY, data, id: data }));
    const outcomes = await publish(ports, messages, NOON + 40_000);
    expect(codesIn(outcomes)).to.deep.equal(["sent", "not-attempted"]);
    expect(JSON.stringify(outcomes[1])).to.include("Retry with the same id.");
    await publish(ports, messages, time + 40_000);
    expect(chat.received(member)).to.deep.equal(["one", "two"]);
  });

  it("is repaired by a retry with the same id after a fault in any call", async () => {
    for (const [target, stored, directConversations] of [
      [{ channel: LOBBY }, 1, false],
      [{ user: "anna" }, 0, false],
      [{ user: "anna" }, 1, true],
    ] as const) {
      const message = { ...target, data: "hi", id: "d-1" };
      const { calls } = await publishTwice({ message, directConversations });
      expect(calls).to.have.length.above(3);
      for (const fault of calls.flatMap((_, at) => WAYS.map((way) => ({ at, way })))) {
        const { outcomes, log, isDelivered } = await publishTwice({ message, directConversations }, fault);
        const seen = { codes: codesIn(outcomes), stored: log.length, isDelivered };
        expect(seen, `${calls[fault.at]} ${fault.way}`).to.deep.equal({ codes: ["sent"], stored, isDelivered: true });
      }
    }
  });
});

/** Publishes a message twice. The first call has the fault. */
async function publishTwice(
  { message, directConversations }: { readonly message: object; readonly directConversations: boolean },
  fault?: Fault,
) {
  const chat = aChat({ directConversations });
  const anna = await chat.enter({ user: "anna", groups: [] });
  const run: Run = { calls: [], isDead: false };
  const faulty = faultyPorts(chat, { run, fault, retrying: { isRetry: false } });
  const own = { publishRules: { channels: [LOBBY], users: true }, onFault: () => undefined };
  await publish(portsOf({ ...chat, ...faulty }, own), [message], FOREVER);
  const outcomes = await publish(portsOf(chat, own), [message], FOREVER);
  // The worker delivers what it was handed over.
  const isDelivered = chat.received(anna).includes("hi") || chat.tasks.length > 0;
  const pair = pairOf("anna", { name: "publisher", publisher: true });
  const log = await logOf(chat, directConversations ? conversationLog(pair) : LOBBY);
  return { outcomes, log, isDelivered, calls: run.calls };
}
