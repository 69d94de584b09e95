import { expect } from "chai";
import {
  bucketKey,
  channelKey,
  channelOfMarker,
  confirmationKey,
  connectionIdOf,
  connectionKey,
  conversationKey,
  directoryKey,
  knownKey,
  lastingChannelsKey,
  leadingKeys,
  leaseKey,
  lookKey,
  memberKey,
  messageKey,
  nameKey,
  pairIn,
  pairOf,
  readMarkerKey,
  repeatKey,
  serviceLeadingKeys,
  trailKey,
  warningKey,
} from "../../../aws/table/keys.ts";
import { conversationLog } from "../../../chat/channel.ts";

describe("aws/table/keys", () => {
  it("uses the id of a connection as partition key and as sort key", () => {
    expect(connectionKey("a=")).to.deep.equal({ pk: "CONN#a=", sk: "CONN#a=" });
  });

  it("stores a member under its shard, and returns the connection id of its key", () => {
    const key = memberKey({ channel: "ops", shard: 2 }, "a=");
    expect(key).to.deep.equal({ pk: "CHANNEL#ops#2", sk: "CONN#a=" });
    expect(connectionIdOf(key)).to.equal("a=");
  });

  it("stores a channel before the members of its first shard, and in the directory", () => {
    const key = channelKey("ops");
    expect(key.pk).to.equal(memberKey({ channel: "ops", shard: 0 }, "a=").pk);
    expect(key.sk < memberKey({ channel: "ops", shard: 0 }, "a=").sk).to.equal(true);
    expect(directoryKey("ops")).to.deep.equal({ pk: "CHANNELS", sk: "ops" });
  });

  it("stores messages, names and repeats under different keys", () => {
    expect(messageKey({ channel: "ops", id: "01" })).to.deep.equal({ pk: "LOG#ops", sk: "01" });
    expect(lookKey("anna")).to.deep.equal({ pk: "USER#anna", sk: "#LOOK" });
    expect(lastingChannelsKey("anna")).to.deep.equal({ pk: "LASTING#anna", sk: "#CHANNELS" });
    expect(nameKey("anna")).to.deep.equal({ pk: "USER#anna", sk: "#NAME" });
    expect(repeatKey({ user: "anna", channel: "ops", id: "c-1", data: "hi" })).to.deep.equal({
      pk: "REPEAT#anna",
      sk: "ops#j0NDRmSPa5bfid2pAcUXaxCm2Dlh3TwayItZstwyeqQ#c-1",
    });
  });

  it("has one id for the conversation of two users, and another id for a backend with the same name", () => {
    const pair = pairOf("anna", { name: "ben" });
    expect(pair)
      .to.match(/^[\w-]{43}$/)
      .and.to.equal(pairOf("ben", { name: "anna" }));
    const others = [
      pairOf("anna", { name: "anna" }),
      pairOf("anna", { name: "ben", publisher: true }),
      pairOf("ben", { name: "anna", publisher: true }),
    ];
    expect(new Set([pair, ...others]).size).to.equal(4);
  });

  it("stores direct messages apart from channels, and the conversations of a user next to the connections", () => {
    expect(messageKey({ channel: conversationLog("p"), id: "01" })).to.deep.equal({ pk: "DIRECT#p", sk: "01" });
    expect(conversationKey("anna", "p")).to.deep.equal({ pk: "CONVERSATIONS#anna", sk: "DIRECT#p" });
    expect(pairIn(conversationKey("anna", "p"))).to.equal("p");
    expect(knownKey("anna")).to.deep.equal({ pk: "KNOWN#anna", sk: "#KNOWN" });
  });

  it("stores the read markers of a user together, each with its channel", () => {
    const key = readMarkerKey("anna", "~ops");
    expect(key).to.deep.equal({ pk: "READ#anna", sk: "CHANNEL#~ops" });
    expect(channelOfMarker(key)).to.equal("~ops");
    const ofConversation = readMarkerKey("anna", "DIRECT#pair");
    expect(ofConversation).to.deep.equal({ pk: "READ#anna", sk: "DIRECT#pair" });
    expect(channelOfMarker(ofConversation)).to.equal("DIRECT#pair");
  });

  it("stores a sender's bucket by its rate, next to the warnings of the sender's connections", () => {
    const bucket = bucketKey("USER#anna", { perSecond: 5, burst: 20 });
    expect(bucket).to.deep.equal({ pk: "RATE#USER#anna", sk: "5/20" });
    expect(warningKey("USER#anna", "a=")).to.deep.equal({ pk: bucket.pk, sk: "CONN#a=" });
  });

  it("lists the leading keys of each kind of item, for IAM policies", () => {
    expect(leadingKeys).to.deep.equal({
      connections: "CONN#*",
      members: "CHANNEL#*",
      lobby: "CHANNEL#lobby#0",
      channels: "CHANNEL#*",
      directory: "CHANNELS",
      messages: "LOG#*",
      directMessages: "DIRECT#*",
      reactions: "REACTIONS#*",
      reacted: "REACTED#*",
      names: "USER#*",
      users: "USER#*",
      knownUsers: "KNOWN#*",
      conversations: "CONVERSATIONS#*",
      lastingChannels: "LASTING#*",
      addresses: "ADDRESS#*",
      invitations: "INVITED#*",
      mutes: "MUTED#*",
      bans: "BANNED#*",
      readMarkers: "READ#*",
      rates: "RATE#*",
      repeats: "REPEAT#*",
      published: "PUBLISHED#*",
      opsMessages: "LOG#ops",
    });
  });

  it("lists the leading keys of one service, which cover all its chat-ops items", () => {
    const { trail, lease, confirmations } = serviceLeadingKeys("github");
    expect([trail, lease, confirmations]).to.deep.equal(["AUDIT#github#*", "LEASE#github", "CONFIRMATION#github"]);
    expect(trailKey({ service: "github", at: Date.parse("2026-11-30T23:59:59Z") }, "01")).to.deep.equal({
      pk: "AUDIT#github#2026-11",
      sk: "01",
    });
    expect(leaseKey("github").pk).to.equal(lease);
    expect(confirmationKey("github", "k3v9zt").pk).to.equal(confirmations);
  });
});
