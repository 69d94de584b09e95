import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { expect } from "chai";
import type { Table } from "../../../aws/table/table.ts";
import { CHANNELS_PER_CONNECTION_MAX } from "../../../chat/channel.ts";
import { connect } from "../../../chat/use-cases/connect.ts";
import { NOON } from "../../support/builders.ts";
import { aChat } from "../../support/chat.ts";
import { leanTable, storeIn } from "../../support/table.ts";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

describe("aws/table/handshakes", () => {
  let dynalite: Store;
  let requests: string[];
  let counting: Table;
  let now = NOON;
  before(async () => {
    dynalite = await startStore({}, guardOptions());
    await createTables(dynalite.client, [aTable("chat")]);
    const table = leanTable(dynalite.url, "chat");
    counting = {
      ...table,
      send(operation, input, options) {
        requests.push(operation);
        return table.send(operation, input, options);
      },
    };
  });
  after(() => dynalite.stop());
  beforeEach(() => {
    requests = [];
    now = NOON;
  });

  const store = () => storeIn(counting, () => now);
  let handshakes = 0;

  /** The requests of a handshake of a user in a number of lasting channels. Undefined: without lasting membership. */
  async function requestsWith(channels: readonly string[] | undefined, moderators: readonly string[] = []) {
    handshakes += 1;
    const user = `anna-${handshakes}`;
    const chat = { ...aChat({ lastingMembership: channels !== undefined, moderators, now: () => now }), ...store() };
    for (const channel of channels ?? []) {
      await chat.channels.open(channel);
      await chat.lastingChannels.add(user, channel);
      if (channel.startsWith("~")) await chat.invitations.give(channel, user);
    }
    const connection = { id: user, connectedAt: now };
    requests = [];
    await connect(chat, {
      connection,
      identity: { user, groups: [] },
      subprotocols: ["chat.v1"],
      address: "192.0.2.1",
    });
    const sent = [...requests];
    expect((await chat.connections.get(user))?.memberships).to.have.length(1 + (channels?.length ?? 0));
    return sent;
  }

  const channelsUpTo = (count: number): string[] => Array.from({ length: count }, (_, index) => `c-${index}`);

  it("take 6 requests for up to 22 channels, as many as a handshake without lasting membership", async () => {
    const without = await requestsWith(undefined);
    expect(without).to.have.length(6);
    expect(await requestsWith(channelsUpTo(20))).to.deep.equal([
      ...["BatchGetItem", "BatchGetItem", "BatchWriteItem", "BatchGetItem", "Query", "Query"],
    ]);
    expect(await requestsWith(["~plans-anna", ...channelsUpTo(21)])).to.have.length(6);
    expect(await requestsWith([])).to.have.length(5);
  });

  it("take fewer requests with moderators, whose bans are in the same batches", async () => {
    expect(await requestsWith(undefined, ["staff"])).to.have.length(8);
    expect(await requestsWith(channelsUpTo(20), ["staff"])).to.have.length(6);
  });

  it("take one request for each 25 items that they write, up to the maximum of channels", async () => {
    expect(await requestsWith(channelsUpTo(23))).to.have.length(7);
    expect(await requestsWith(channelsUpTo(CHANNELS_PER_CONNECTION_MAX - 1))).to.have.length(8);
  });

  it("renew channels and invitations in the second half of their TTL", async () => {
    const query = { user: "anna", channels: ["dev"], invitations: ["~plans"], isConsistent: true };
    await store().channels.open("dev");
    await store().invitations.give("~plans", "anna");
    const isDue = async () => {
      const { channels, invitations } = await store().handshakes.readChannels(query);
      return [channels.get("dev")?.isDue, invitations.get("~plans")?.isDue];
    };
    expect(await isDue()).to.deep.equal([false, false]);
    now = NOON + 16 * DAY_MILLISECONDS;
    expect(await isDue()).to.deep.equal([true, true]);
    await store().channels.open("dev");
    await store().invitations.use("~plans", "anna");
    expect(await isDue()).to.deep.equal([false, false]);
  });

  it("keep no item for a user who has left all channels", async () => {
    const { lastingChannels } = store();
    await lastingChannels.add("zoe", "dev");
    await lastingChannels.remove("zoe", ["dev"]);
    const Key = { pk: { S: "LASTING#zoe" }, sk: { S: "#CHANNELS" } };
    const { Item } = await counting.send("GetItem", { TableName: "chat", Key, ConsistentRead: true });
    expect(Item).to.equal(undefined);
    expect(requests).to.deep.equal(["UpdateItem", "UpdateItem", "DeleteItem", "GetItem"]);
  });
});
