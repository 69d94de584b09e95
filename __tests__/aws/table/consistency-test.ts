import type { BatchGetItemInput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { LOBBY_SHARD } from "../../../chat/channel.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { allMembers, type Store } from "../../support/memory.ts";
import { storeIn } from "../../support/table.ts";

/** Every method of the store that reads. */
const reads: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  "connections.get": ({ connections }) => connections.get("a"),
  "connections.getEventually": ({ connections }) => connections.getEventually("a"),
  "members.has": ({ members }) => members.has(LOBBY_SHARD, "a"),
  "members.pages": ({ members }) => allMembers(members, LOBBY_SHARD),
  "channels.open": ({ channels }) => channels.open("ops"),
  "channels.shardsOf": ({ channels }) => channels.shardsOf("ops"),
  "channels.list": ({ channels }) => channels.list({ limit: 1 }),
  "invitations.use": ({ invitations }) => invitations.use("ops", "anna"),
  "mutes.until": ({ mutes }) => mutes.until("ops", "anna"),
  "messages.read": ({ messages }) => messages.read({ channel: "ops", limit: 1, latestFirst: true }),
  "readMarkers.list": ({ readMarkers }) => readMarkers.list("anna"),
  "readMarkers.listConversations": ({ readMarkers }) => readMarkers.listConversations("anna", ["DIRECT#pair"]),
  "readMarkers.hasMessage": ({ readMarkers }) => readMarkers.hasMessage({ channel: "DIRECT#pair", id: "1" }),
  "readMarkers.get": ({ readMarkers }) => readMarkers.get("anna", "DIRECT#pair"),
  "readMarkers.count": ({ readMarkers }) => readMarkers.count({ user: "anna", channel: "ops" }),
  "repeats.claim": ({ repeats }) => repeats.claim({ ...aMessage(), user: "anna", message: "first" }),
  "names.holder": ({ names }) => names.holder("anna"),
  "looks.holder": ({ looks }) => looks.holder("anna"),
  "users.connectionsOf": ({ users }) => users.connectionsOf("anna"),
  "handshakes.readUser": ({ handshakes }) => handshakes.readUser("anna", { ban: true, invitations: [] }),
  "handshakes.readChannels": ({ handshakes }) =>
    handshakes.readChannels({ user: "anna", channels: ["ops"], invitations: [], isConsistent: false }),
  "addresses.connectionsFrom": ({ addresses }) => addresses.connectionsFrom("192.0.2.1"),
};

/** The in-memory store returns stale results for the same reads: see `stale` in memory.ts. */
const EVENTUAL = [
  "connections.getEventually",
  "channels.open",
  "channels.shardsOf",
  "channels.list",
  "readMarkers.get",
  "readMarkers.count",
  "handshakes.readChannels",
];

interface Read {
  readonly ConsistentRead?: boolean | undefined;
}

function readsIn(operation: string, input: Read & BatchGetItemInput): readonly Read[] {
  if (operation === "BatchGetItem") return Object.values(input.RequestItems ?? {});
  return operation === "GetItem" || operation === "Query" ? [input] : [];
}

describe("aws/table", () => {
  it("reads with strong consistency, with the exceptions in docs/reliability.md", async () => {
    const eventual: string[] = [];
    const unread: string[] = [];
    for (const [method, read] of Object.entries(reads)) {
      const inputs: Read[] = [];
      const send = async (operation: string, input: Read & BatchGetItemInput) => {
        // `repeats.claim` reads what an earlier request has claimed.
        if (operation === "PutItem") {
          throw Object.assign(new Error("Claimed"), { name: "ConditionalCheckFailedException" });
        }
        inputs.push(...readsIn(operation, input));
        return { $metadata: {} };
      };
      await read(storeIn({ name: "chat", send: send as never }, () => NOON)).catch(() => undefined);
      if (inputs.length === 0) unread.push(method);
      if (inputs.some(({ ConsistentRead }) => !ConsistentRead)) eventual.push(method);
    }
    expect({ eventual, unread }).to.deep.equal({ eventual: EVENTUAL, unread: [] });
  });
});
