import { createSession, type Session } from "@serverless-chat/client";
import { expect } from "chai";
import sinon from "sinon";
import type { Request } from "../../../scripts/chat/commands.ts";
import { performDirect, performRequest } from "../../../scripts/chat/perform-request.ts";

describe("scripts/chat/perform-request", () => {
  let session: Session;
  beforeEach(async () => {
    session = createSession({ connect: () => new Promise(() => undefined) });
    await session.close();
  });

  const textsOf = async (request: Request): Promise<string[]> =>
    (await performRequest(session, request)).lines.map(({ text }) => text);

  it("lists members, and states whether there are more", async () => {
    sinon
      .stub(session, "members")
      .resolves({ type: "members", channel: "ops", members: ["anna", "b\x1b"], cursor: "1.a" });
    expect(await textsOf({ message: "members", channel: "ops" })).to.deep.equal(["* in #ops: anna, b␛, and more"]);
  });

  it("lists channels", async () => {
    sinon.stub(session, "listChannels").resolves({ type: "channels", channels: ["lobby", "ops"] });
    expect(await textsOf({ message: "channels" })).to.deep.equal(["* channels: lobby, ops"]);
  });

  it("returns the full name of a private channel", async () => {
    sinon.stub(session, "join").resolves("~plans-albpmlboir8cs5r4");
    const { lines, joined } = await performRequest(session, { message: "join", channel: "plans", private: true });
    expect(joined).to.equal("~plans-albpmlboir8cs5r4");
    expect(lines.map(({ text }) => text)).to.deep.equal(["* you are in #~plans-albpmlboir8cs5r4"]);
  });

  it("changes the user's last direct message to a user, and answers the last one of that user", async () => {
    sinon.stub(session, "user").value("anna");
    const messages = [
      { id: "1", from: "anna" },
      { id: "2", from: "ben" },
      { id: "3", from: "anna", deleted: true },
    ];
    sinon.stub(session, "conversation").resolves({ type: "conversation", direct: "ben", messages } as never);
    const [edit, remove] = [sinon.stub(session, "edit").resolves(), sinon.stub(session, "remove").resolves()];
    const [react, direct] = [sinon.stub(session, "react").resolves(), sinon.stub(session, "direct").resolves()];
    const perform = (action: Parameters<typeof performDirect>[1]["action"], user = "ben") =>
      performDirect(session, { kind: "direct", user, action });
    await perform({ do: "edit", data: "new" });
    await perform({ do: "delete" });
    await perform({ do: "react", emoji: "👍" });
    await perform({ do: "reply", data: "yes" });
    expect(edit.firstCall.args).to.deep.equal([{ direct: "ben" }, "1", "new"]);
    expect(remove.firstCall.args).to.deep.equal([{ direct: "ben" }, "1"]);
    expect(react.firstCall.args).to.deep.equal([{ direct: "ben" }, "2", "👍"]);
    expect(direct.firstCall.args).to.deep.equal(["ben", "yes", { replyTo: "2" }]);
    expect((await perform({ do: "react", emoji: null }, "carol")).map(({ text }) => text)).to.deep.equal([
      "* none of the last 50 direct messages is from carol",
    ]);
  });

  it("shows the text of a direct message, without control characters", async () => {
    sinon.stub(session, "direct").resolves();
    expect(await textsOf({ message: "direct", to: "ben", data: "one\ntwo\x1b" })).to.deep.equal([
      "> to ben only: one",
      "> to ben only: two␛",
    ]);
  });

  it("mentions the members whose names follow an @, and reads the members only for that", async () => {
    const members = sinon.stub(session, "members");
    members.resolves({ type: "members", channel: "ops", members: ["anna", "ben"] });
    const send = sinon.stub(session, "send");
    for (const data of ["hi", "hi @ben and @carol"]) await textsOf({ message: "sendmessage", channel: "ops", data });
    expect(send.args.map(([, , options]) => options?.mentions)).to.deep.equal([[], ["ben"]]);
    expect(members.callCount).to.equal(1);
  });

  it("reads further pages of members until it has found each mention, at most five", async () => {
    const members = sinon.stub(session, "members").callsFake(async (_channel, { cursor = "0" } = {}) => {
      const page = { type: "members", channel: "ops", members: [`user-${cursor}`] } as const;
      return { ...page, cursor: String(Number(cursor) + 1) };
    });
    const send = sinon.stub(session, "send");
    for (const data of ["hi @user-0", "to a@b and @user-2 and @user-1", "hi @nobody and @user-6"]) {
      members.resetHistory();
      await textsOf({ message: "sendmessage", channel: "ops", data });
      send.lastCall.args.push(members.callCount as never);
    }
    expect(
      send.args.map(([, , options, pages]: readonly unknown[]) => [Object(options).mentions, pages]),
    ).to.deep.equal([
      [["user-0"], 1],
      [["user-2", "user-1"], 3],
      [[], 5],
    ]);
  });

  it("lists conversations, the latest first, and marks those with programs", async () => {
    const conversations = [
      { direct: "ben", last: "01" },
      { direct: "ci\x1b", publisher: true as const, last: "02" },
    ];
    sinon.stub(session, "conversations").resolves({ type: "conversations", conversations });
    expect(await textsOf({ message: "conversations" })).to.deep.equal(["* conversations: ci␛ (program), ben"]);
  });

  it("shows the direct messages with a user", async () => {
    sinon.stub(session, "user").value("anna");
    const at = "2026-01-01T12:00:00.000Z";
    const message = { type: "direct", id: "01", at } as const;
    const messages = [
      { ...message, from: "ben", to: "anna", data: "hi" },
      { ...message, from: "anna", to: "ben", data: "yes?" },
    ];
    const conversation = sinon
      .stub(session, "conversation")
      .resolves({ type: "conversation", direct: "ben", messages });
    const texts = await textsOf({ message: "history", direct: "ben", limit: 50 });
    expect(conversation.args).to.deep.equal([["ben", { limit: 50 }]]);
    expect(texts.map((text) => text.replace(/\d\d:\d\d/, "at"))).to.deep.equal([
      "< at to you only, ben: hi",
      "> at to ben only, anna: yes?",
    ]);
  });

  it("lists the channels and users with unread messages", async () => {
    const unread = sinon.stub(session, "unread").resolves([
      { channel: "lobby", count: 0 },
      { channel: "ops", count: 3 },
      { channel: "dev", count: 100, more: true },
      { channel: "busy", count: 0, more: true },
    ]);
    const conversations = [
      { direct: "ben", last: "2" },
      { direct: "deploys", publisher: true, last: "1" },
    ] as const;
    sinon.stub(session, "conversations").resolves({ type: "conversations", conversations });
    const direct = sinon.stub(session, "unreadConversations").resolves([
      { direct: "ben", count: 0 },
      { direct: "deploys", publisher: true, count: 1 },
    ]);
    expect(await textsOf({ message: "unread" })).to.deep.equal([
      "* unread: #ops 3, #dev 100+, #busy maybe, deploys (program) 1",
    ]);
    direct.resolves([]);
    unread.resolves([{ channel: "lobby", count: 0 }]);
    expect(await textsOf({ message: "unread" })).to.deep.equal(["* unread: nothing"]);
  });

  it("revokes an invitation", async () => {
    const revoke = sinon.stub(session, "revoke").resolves();
    expect(await textsOf({ message: "invite", channel: "~plans", user: "ben", revoke: true })).to.deep.equal([
      "* done",
    ]);
    expect(revoke.args).to.deep.equal([["~plans", "ben"]]);
  });

  it("rejects with the error of the session", async () => {
    const error = await performRequest(session, { message: "kick", user: "ben" }).catch((fault: unknown) => fault);
    expect(error).to.have.property("code", "closed");
  });
});
