import { randomBytes } from "node:crypto";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";
import { wscat } from "../../support/pty.ts";
import { type RunningChat, runningChat } from "../../support/running-chat.ts";

/** Of this run alone: the suite also runs on a chat that others use. */
const own = (name: string): string => `${name}-${randomBytes(4).toString("hex")}`;

/** A client of chat.v1, whose frames are read by what they are. */
interface V1 {
  readonly client: Client;
  /** The next frame of a type in a channel, or to this user. Everything else that comes is skipped. */
  hears(type: ServerFrame["type"], where?: object): Promise<Record<string, unknown>>;
}

describe("channels", () => {
  let chat: RunningChat;
  const clients: Client[] = [];
  before(async () => {
    chat = await runningChat();
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  async function open(): Promise<V1> {
    const client = await connect(chat.url, { subprotocols: ["chat.v1"] });
    clients.push(client);
    const kept: Record<string, unknown>[] = [];
    const fits = (frame: Record<string, unknown>, where: object) =>
      Object.entries(where).every(([name, value]) => frame[name] === value);
    const take = async (where: object): Promise<Record<string, unknown>> => {
      for (;;) {
        const index = kept.findIndex((frame) => fits(frame, where));
        if (index >= 0) return kept.splice(index, 1)[0] as Record<string, unknown>;
        kept.push(JSON.parse(await client.next()));
      }
    };
    return {
      client,
      hears: (type, where = {}) => take({ type, ...where }),
    };
  }

  /** Sends a frame, and waits until it is acknowledged. */
  async function asks(user: V1, frame: object): Promise<void> {
    const id = own("r");
    user.client.send({ ...frame, id });
    await user.hears("ack", { id });
  }

  it("deliver messages to their members only, in order, and store them", async () => {
    const channel = own("ops");
    const [anna, ben, eve] = [await open(), await open(), await open()];
    for (const user of [anna, ben]) await asks(user, { message: "join", channel });
    expect(await anna.hears("joined", { channel })).to.have.property("user");
    for (const data of ["one", "two"]) await asks(anna, { message: "sendmessage", channel, data });
    const heard = [await ben.hears("message", { channel }), await ben.hears("message", { channel })];
    expect(heard.map(({ data }) => data)).to.have.members(["one", "two"]);

    ben.client.send({ message: "history", channel });
    const history = await ben.hears("history", { channel });
    expect((history.messages as { data: string }[]).map(({ data }) => data)).to.deep.equal(["one", "two"]);

    eve.client.send({ message: "history", channel });
    expect(await eve.hears("error")).to.include({ code: "not-a-member", request: "history" });
    ben.client.send({ message: "leave", channel });
    expect(await anna.hears("left", { channel })).to.have.property("user");
  });

  it("acknowledge a repeat with the first message's id, and deliver it once", async () => {
    const [anna, ben] = [await open(), await open()];
    const frame = { message: "sendmessage", data: own("once"), id: own("c") };
    anna.client.send(frame);
    const first = await anna.hears("ack", { id: frame.id });
    anna.client.send(frame);
    expect((await anna.hears("ack", { id: frame.id })).message).to.equal(first.message);
    await asks(anna, { message: "sendmessage", data: "then" });
    expect((await ben.hears("message", { data: frame.data })).id).to.equal(first.message);
    expect((await ben.hears("message")).data).to.equal("then");
  });

  it("address users by the names they choose, and deliver direct messages to them only", async () => {
    const [anna, ben] = [await open(), await open()];
    const [name, other] = [own("Anna"), own("Ben")];
    await asks(anna, { message: "name", data: name });
    expect(await ben.hears("named", { user: name })).to.have.property("before");
    ben.client.send({ message: "name", data: name });
    expect(await ben.hears("error")).to.include({ code: "name-taken" });
    await asks(ben, { message: "name", data: other });
    await asks(ben, { message: "direct", to: name, data: "psst" });
    expect(await anna.hears("direct")).to.include({ from: other, data: "psst" });
    await anna.client.close();
    ben.client.send({ message: "direct", to: name, data: "still there?" });
    expect(await ben.hears("error", { request: "direct" })).to.include({ code: "unknown-user" });
  });

  it("show who is typing, the members and the channels", async () => {
    const channel = own("dev");
    const [anna, ben] = [await open(), await open()];
    for (const user of [anna, ben]) await asks(user, { message: "join", channel });
    ben.client.send({ message: "typing", channel });
    const { user } = await anna.hears("typing", { channel });
    anna.client.send({ message: "members", channel });
    expect((await anna.hears("members", { channel })).members)
      .to.include(user)
      .and.to.have.length(2);
    anna.client.send({ message: "channels" });
    expect((await anna.hears("channels")).channels).to.include.members(["lobby", channel]);
  });

  it("look the same in wscat: JSON under chat.v1, bare text without", async () => {
    const [plain, json] = [await wscat(chat.url), await wscat(chat.url, "-s", "chat.v1")];
    const data = own("hello");
    plain.type(`{"message":"sendmessage", "data":"${data}"}`);
    await Promise.all([plain.shows(`< ${data}`), json.shows(/< \{"type":"message",.*"data":"hello/)]);
    plain.type('{"message":"join", "channel":"Not a channel"}');
    await plain.shows('"code":"bad-channel"');
    for (const session of [plain, json]) session.kill();
  });
});
