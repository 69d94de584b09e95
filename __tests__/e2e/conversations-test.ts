import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createSession, type Session } from "@serverless-chat/client";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import type { ServerFrameOf } from "../../chat/protocol/client-frames.ts";
import { awsName } from "../../infra/names.ts";
import { answerTo, type SignedInChat, startSignedInChat, unreadFrames } from "../support/signed-in-chat.ts";
import { environment } from "../support/synthesized.ts";

describe("a chat that stores direct messages", () => {
  let chat: SignedInChat;
  const clients: Client[] = [];
  const enter = async (user: string, groups?: readonly string[]): Promise<Client> => {
    const client = await chat.enter(user, groups);
    clients.push(client);
    return client;
  };
  before(async () => {
    chat = await startSignedInChat({
      directConversations: true,
      ownMessageMinutes: 15,
      reactions: true,
      moderators: ["moderators"],
      publish: { channels: "any", users: true },
    });
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  it("keeps a message for a user who is away, who reads it on return, and no other user does", async () => {
    await (await enter("anna")).close();
    const [ben, mona] = [await enter("ben"), await enter("mona", ["moderators"])];
    const frame = { message: "direct", to: "anna", data: "See you at nine." };
    const { message: last } = await answerTo(ben, frame);
    const anna = await enter("anna");
    expect(await answerTo(anna, { message: "conversations" })).to.deep.include({
      conversations: [{ direct: "ben", last }],
    });
    for (const [client, direct] of [
      [anna, "ben"],
      [ben, "anna"],
    ] as const) {
      const { messages } = (await answerTo(client, { message: "history", direct })) as { messages: object[] };
      expect(messages).to.have.length(1);
      expect(messages[0]).to.include({ id: last, from: "ben", to: "anna", data: frame.data });
    }
    expect(await answerTo(mona, { message: "conversations" })).to.deep.include({ conversations: [] });
    for (const direct of ["anna", "ben"]) {
      expect(await answerTo(mona, { message: "history", direct })).to.deep.include({ messages: [] });
    }
  });

  it("reaches all connections of both users, once each", async () => {
    const [ben, bens] = [await enter("ben"), await enter("ben")];
    const annas = [await enter("anna"), await enter("anna")];
    const { message: id } = await answerTo(ben, { message: "direct", to: "anna", data: "psst" });
    for (const client of [bens, ...annas]) {
      const direct = (await unreadFrames(client)).filter(({ type }) => type === "direct");
      expect(direct.map((each) => each.id)).to.deep.equal([id]);
    }
    expect((await unreadFrames(ben)).filter(({ type }) => type === "direct")).to.deep.equal([]);
  });

  it("lets the sender edit and delete a message, and both users react to it and reply", async () => {
    const [anna, ben, mona] = [await enter("anna"), await enter("ben"), await enter("mona", ["moderators"])];
    const { message: target } = await answerTo(ben, { message: "direct", to: "anna", data: "At nien." });
    const [toAnna, toBen] = [
      { direct: "anna", target },
      { direct: "ben", target },
    ];
    const reply = { message: "direct", to: "ben", data: "Yes.", replyTo: target };
    for (const [client, frame] of [
      [ben, { message: "edit", ...toAnna, data: "At nine." }],
      [anna, { message: "react", ...toBen, emoji: "👍" }],
      [ben, { message: "react", ...toAnna, emoji: "👍" }],
      [anna, reply],
    ] as const)
      expect(await answerTo(client, frame)).to.include({ type: "ack" });
    expect(await answerTo(anna, { message: "edit", ...toBen, data: "no" })).to.include({ code: "not-allowed" });
    expect(await answerTo(mona, { message: "delete", ...toAnna })).to.include({ code: "unknown-message" });
    const pageOf = async (after?: unknown) =>
      (await answerTo(anna, { message: "history", direct: "ben", after })) as unknown as ServerFrameOf<"conversation">;
    const [edited, answer] = (await pageOf()).messages.slice(-2);
    expect(edited).to.deep.include({ id: target, data: "At nine." });
    expect(edited?.reactions).to.deep.include({ counts: [{ emoji: "👍", count: 2 }], own: "👍" });
    expect(answer).to.include({ data: "Yes.", replyTo: target });
    expect(await answerTo(ben, { message: "delete", ...toAnna })).to.include({ type: "ack" });
    const { changes = [], edits, reactions } = await pageOf(target);
    expect(changes.map(({ id, direct }) => [id, direct])).to.deep.equal([[target, "ben"]]);
    expect([edits, reactions]).to.deep.equal([undefined, undefined]);
    const { conversations } = await answerTo(anna, { message: "conversations" });
    expect(conversations).to.deep.include({ direct: "ben", last: answer?.id, change: changes[0]?.change });
  });

  it("is used by sessions of the client package", async () => {
    const sessions = await Promise.all(
      ["anna", "ben"].map(async (user) => {
        const url = await chat.urlOf(user);
        const session = createSession({ connect: () => ({ url }), directConversations: true });
        await new Promise<void>((resolve) => {
          session.on("state", ({ status }) => status === "online" && resolve());
        });
        return session;
      }),
    );
    const [anna, ben] = sessions as [Session, Session];
    const received = new Promise((resolve) => anna.on("direct", resolve));
    const sent = await ben.direct("anna", "over the package");
    expect(await received).to.include({ id: sent.id, data: "over the package", isOwn: false });
    const { messages } = await anna.conversation("ben", { limit: 1 });
    expect(messages.map(({ id }) => id)).to.deep.equal([sent.id]);
    const withAnna = (await ben.conversations()).conversations.find(({ direct }) => direct === "anna");
    expect(withAnna).to.include({ last: sent.id });
    await Promise.all(sessions.map((session) => session.close()));
  });

  it("keeps a message of a backend apart from those of a user with the same name", async () => {
    const anna = await enter("anna");
    const lambda = new LambdaClient({
      region: environment.region,
      endpoint: chat.endpointUrl,
      credentials: localCredentials(),
    });
    const Payload = JSON.stringify({ messages: [{ user: "anna", from: "ben", data: "Build failed.", id: "b-1" }] });
    const response = await lambda.send(new InvokeCommand({ FunctionName: awsName(environment, "publish"), Payload }));
    lambda.destroy();
    const [{ messageId: id }] = JSON.parse(String(response.Payload?.transformToString())).outcomes;
    const { messages } = (await answerTo(anna, { message: "history", direct: "ben", publisher: true })) as {
      messages: object[];
    };
    expect(messages).to.have.length(1);
    expect(messages[0]).to.include({ id, from: "ben", publisher: true });
    const { messages: ofBen } = (await answerTo(anna, { message: "history", direct: "ben" })) as { messages: object[] };
    expect(JSON.stringify(ofBen)).not.to.include("Build failed.");
  });

  it("refuses the name of a user who has never connected", async () => {
    const answer = await answerTo(await enter("ben"), { message: "direct", to: "zoe", data: "psst" });
    expect(answer).to.include({ code: "unknown-user" });
  });
});
