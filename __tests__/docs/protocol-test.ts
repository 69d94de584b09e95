import { setTimeout as sleep } from "node:timers/promises";
import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { clientFrames } from "../../chat/protocol/client-frames.ts";
import { codes } from "../../chat/protocol/error-codes.ts";
import { serverFrames } from "../../chat/protocol/server-frames.ts";
import { transcripts } from "../../scripts/docs/frames.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { startSignedInChat } from "../support/signed-in-chat.ts";
import { tableOf } from "../support/table.ts";
import { type Address, linesOf, replay } from "../support/transcript.ts";

/** A chat for all transcripts of one kind: starting one for each takes more than a second of processor time. */
interface Stage {
  readonly address: Address;
  /** Deletes everything that a transcript left behind, so that the next one starts with an empty chat. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

async function startOpen(): Promise<Stage> {
  const chat = await startChat();
  return { address: () => chat.url, empty: () => emptyTable(chat), stop: () => chat.stop() };
}

async function startSignedIn(): Promise<Stage> {
  const chat = await startSignedInChat({
    moderators: ["moderators"],
    ownMessageMinutes: 15,
    directConversations: true,
    unreadCounts: true,
    reactions: true,
    readReceipts: true,
  });
  return {
    address: (who, group) => (group === undefined ? chat.url : chat.urlOf(who, [group])),
    empty: () => emptyTable(chat),
    stop: () => chat.stop(),
  };
}

async function emptyTable(chat: Pick<EmulatedChat, "dynamodbUrl" | "open">): Promise<void> {
  // A `$disconnect` that still runs would notify the users of the next transcript.
  while (chat.open.size > 0) await sleep(20);
  const { client, name: TableName } = tableOf(chat);
  const items = (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  for (const { pk, sk } of items)
    await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } as (typeof items)[number] }));
  client.destroy();
}

describe("docs/protocol", () => {
  let open: Stage;
  let signedIn: Stage;
  before(async () => {
    [open, signedIn] = await Promise.all([startOpen(), startSignedIn()]);
  });
  after(() => Promise.all([open.stop(), signedIn.stop()]));

  for (const [name, transcript] of transcripts) {
    it(`matches the chat in the transcript of ${name}`, async () => {
      const stage = /^\w+ of /m.test(transcript) ? signedIn : open;
      await stage.empty();
      expect((await replay(transcript, stage.address)).join("\n")).to.equal(linesOf(transcript).join("\n"));
    });
  }

  it("has a transcript for every route that accepts a frame, in which a client sends it", () => {
    for (const route of Object.keys(clientFrames)) {
      expect(transcripts.get(route), route).to.match(new RegExp(`^\\w+> \\{"message":"${route}"`, "m"));
    }
  });

  it("has a transcript for every type of frame, in which a client receives it", () => {
    for (const type of Object.keys(serverFrames)) {
      expect(transcripts.get(type), type).to.match(new RegExp(`^\\w+< \\{"type":"${type}"`, "m"));
    }
  });

  it("has an example of each error code that a client can cause with default settings", () => {
    const all = [...transcripts.values()].join("\n");
    const missing = Object.keys(codes).filter((code) => !all.includes(`{"type":"error","code":"${code}","detail":`));
    expect(missing).to.deep.equal([
      "not-accepted",
      "token-expired",
      "too-many-messages",
      "reconnect",
      "service-refused",
      "service-failed",
      "internal",
    ]);
  });

  it("fails if a line differs, or if a frame has no line", async () => {
    // Ben gets the message before anna gets her ack, so the test needs no wait.
    const lines = 'ben connects\nanna connects\nanna> {"message":"sendmessage","data":"hi","id":"c-1"}\nanna< hi';
    const ack = 'anna< {"type":"ack","request":"sendmessage","id":"c-1","message":"<id>"}';
    await open.empty();
    expect((await replay(lines.replace("< hi", "< ho"), open.address)).at(-1)).to.equal("anna< hi");
    expect((await replay(`${lines}\n${ack}`.replaceAll("c-1", "c-2"), open.address)).at(-1)).to.equal("ben< hi");
  });
});
