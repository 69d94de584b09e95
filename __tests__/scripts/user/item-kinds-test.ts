import { expect } from "chai";
import { tagOf } from "../../../aws/runtime.ts";
import * as keys from "../../../aws/table/keys.ts";
import { reactionAttribute } from "../../../aws/table/reactions.ts";
import { conversationLog, privateName } from "../../../chat/channel.ts";
import { findingOf, kindOf } from "../../../scripts/user/finding.ts";
import { itemKinds } from "../../../scripts/user/item-kinds.ts";
import type { Item } from "../../../scripts/user/relations.ts";

const ID = "01JZ3J4V8K0000000000000000";
const REQUEST = { user: "anna", channel: "ops", id: "c-1", data: "hi" };

/** A key of each kind, by the function that makes it, and the kind that it must have. */
const KEYS: Readonly<Record<string, readonly [key: keys.Key, kind: string]>> = {
  connectionKey: [keys.connectionKey("a="), "connections"],
  memberKey: [keys.memberKey({ channel: "~plans-1", shard: 12 }, "a="), "members"],
  channelKey: [keys.channelKey("~plans-1"), "channels"],
  directoryKey: [keys.directoryKey("ops"), "directory"],
  messageKey: [keys.messageKey({ channel: "ops", id: ID }), "messages and changes"],
  reactionsKey: [keys.reactionsKey({ channel: "ops", id: ID }), "reactions"],
  reactedKey: [keys.reactedKey({ channel: "ops", id: ID }), "changed reactions"],
  conversationKey: [keys.conversationKey("an#na", keys.pairOf("an#na", { name: "ben" })), "conversations"],
  lastingChannelsKey: [keys.lastingChannelsKey("an#na"), "lasting channels"],
  knownKey: [keys.knownKey("an#na"), "known users"],
  readMarkerKey: [keys.readMarkerKey("an#na", "~plans-1"), "read markers"],
  userKey: [keys.userKey("an#na", "a="), "users"],
  nameKey: [keys.nameKey("anna"), "names"],
  lookKey: [keys.lookKey("anna"), "looks"],
  addressKey: [keys.addressKey("2001:db8:0:1", "a="), "addresses"],
  invitationKey: [keys.invitationKey("~plans-1", "an#na"), "invitations"],
  muteKey: [keys.muteKey("ops", "an#na"), "mutes"],
  banKey: [keys.banKey("an#na"), "bans"],
  bucketKey: [keys.bucketKey("USER#an#na", { perSecond: 5, burst: 20 }), "rates"],
  warningKey: [keys.warningKey("ADDRESS#192.0.2.1", "a="), "rates"],
  repeatKey: [keys.repeatKey(REQUEST), "repeats"],
  publishedKey: [keys.publishedKey(REQUEST), "published"],
  trailKey: [keys.trailKey({ service: "github", at: 0 }, ID), "audit trail"],
  leaseKey: [keys.leaseKey("github"), "leases"],
  confirmationKey: [keys.confirmationKey("github", "k3v9zt"), "confirmations"],
};

const anna = { user: "anna", isAuthenticated: true };
const guest = { user: "anna", isAuthenticated: false };

const roleOf = (item: keys.Key | Item, subject = anna): string | undefined => findingOf({ ...item }, subject)?.role;

describe("scripts/user/item-kinds", () => {
  it("decides about each kind of key in keys.ts, and each kind has its own keys", () => {
    const makers = Object.keys(keys).filter((name) => name.endsWith("Key"));
    expect(makers, "add the new key to KEYS, and its kind to item-kinds.ts").to.have.members(Object.keys(KEYS));
    for (const [maker, [key, name]] of Object.entries(KEYS)) {
      const matching = itemKinds.filter(({ pk, sk }) => pk.test(key.pk) && sk.test(key.sk)).map((kind) => kind.name);
      expect(matching, maker).to.deep.equal([name]);
    }
    expect(itemKinds.map(({ name }) => name)).to.have.members([
      ...new Set(Object.values(KEYS).map(([, name]) => name)),
    ]);
  });

  it("states for each kind what belongs to the user, or why nothing does", () => {
    for (const { name, relations, why } of itemKinds) expect(relations.length > 0, name).to.equal(why === undefined);
  });

  it("finds the messages of a user by the author, or by the name if the message has no author", () => {
    const message = { ...keys.messageKey({ channel: "ops", id: ID }), from: "anna", data: "hi" };
    const own = "messages of the user";
    expect(roleOf(message)).to.equal(own);
    expect(roleOf(message, guest)).to.equal(own);
    expect(roleOf({ ...message, author: "USER#anna" })).to.equal(own);
    expect(roleOf({ ...message, author: "USER#anna" }, guest)).to.equal(undefined);
    expect(roleOf({ ...message, author: "CONNECTION#a=" })).to.equal(undefined);
    expect(roleOf({ ...message, author: "CONNECTION#a=" }, guest)).to.equal(own);
    expect(roleOf({ ...message, publisher: true })).to.equal(undefined);
    expect(roleOf({ ...message, from: "ben", data: "anna" })).to.equal(undefined);
  });

  it("finds the reactions of an authenticated user, which have a digest of the author", () => {
    const reactions = { ...keys.reactionsKey({ channel: "ops", id: ID }), [reactionAttribute("USER#anna")]: "👍" };
    expect(roleOf(reactions)).to.equal("reactions of the user");
    expect(roleOf(reactions, guest)).to.equal(undefined);
    expect(roleOf(reactions, { user: "ben", isAuthenticated: true })).to.equal(undefined);
  });

  it("finds deletions and bans by the user, and bans, mutes and invitations of the user", () => {
    expect(
      roleOf({ ...keys.messageKey({ channel: "ops", id: ID }), change: "deleted", message: ID, by: "anna" }),
    ).to.equal("deletions by the user");
    expect(roleOf({ ...keys.banKey("anna"), by: "mona" })).to.equal("the ban of the user");
    expect(roleOf({ ...keys.banKey("ben"), by: "anna" })).to.equal("bans by the user");
    expect(roleOf({ ...keys.banKey("ben"), by: "mona" })).to.equal(undefined);
    expect(roleOf(keys.muteKey("ops", "anna"))).to.equal("mutes of the user");
    expect(roleOf(keys.invitationKey("~plans-1", "anna"))).to.equal("invitations of the user");
    expect(roleOf(keys.invitationKey("~plans-1", "joanna"))).to.equal(undefined);
  });

  it("finds both sides of a conversation, and messages of backends to the user", () => {
    const inConversation = (from: string, publisher?: true) => {
      const pair = keys.pairOf("anna", { name: from === "anna" ? "ben" : from, ...(publisher && { publisher }) });
      return {
        ...keys.messageKey({ channel: conversationLog(pair), id: ID }),
        from,
        data: "hi",
        ...(publisher && { publisher }),
      };
    };
    expect(kindOf(inConversation("anna"))?.name).to.equal("messages and changes");
    expect(roleOf(inConversation("anna"))).to.equal("messages of the user");
    expect(roleOf(inConversation("ben"))).to.equal("direct messages of others to the user");
    expect(roleOf(inConversation("ben", true))).to.equal("direct messages of backends to the user");
    expect(roleOf(inConversation("ben"), { user: "eve", isAuthenticated: true })).to.equal(undefined);
    const listed = (user: string, other: string) => ({
      ...keys.conversationKey(user, keys.pairOf(user, { name: other })),
      other,
    });
    expect(roleOf(listed("anna", "ben"))).to.equal("conversations of the user");
    expect(roleOf(listed("ben", "anna"))).to.equal("conversations of others with the user");
    expect(roleOf({ ...listed("ben", "anna"), publisher: true })).to.equal(undefined);
    expect(roleOf(listed("ben", "eve"))).to.equal(undefined);
  });

  it("finds private channels that the user created, and lines of the audit trail that name the user", () => {
    expect(roleOf(keys.channelKey(privateName("plans", tagOf("anna"))))).to.equal(
      "private channels that the user created",
    );
    expect(roleOf(keys.channelKey(privateName("plans", tagOf("ben"))))).to.equal(undefined);
    const line = { ...keys.trailKey({ service: "github", at: 0 }, ID), said: "done" };
    expect(roleOf({ ...line, by: { user: "anna" } })).to.equal("lines of the audit trail");
    expect(roleOf({ ...line, by: "schedule", confirmedBy: "anna" })).to.equal("lines of the audit trail");
    expect(roleOf({ ...line, by: "schedule" })).to.equal(undefined);
  });

  it("reports items of an unknown kind without names of users, and recognizes those that name the user", () => {
    const item = { pk: "USER#ben", sk: "FRIEND#anna" };
    expect(kindOf(item)).to.equal(undefined);
    expect(findingOf(item, anna)).to.include({ role: "unknown kind USER#… / FRIEND#…", isOfUser: true });
    expect(findingOf({ pk: "SETTINGS", sk: "ANNA", of: { names: new Set(["anna"]) } }, anna)).to.include({
      role: "unknown kind SETTINGS… / …",
      isOfUser: true,
    });
    expect(findingOf({ pk: "USER#joanna", sk: "#FRIENDS" }, anna)).to.include({
      role: "unknown kind USER#… / #FRIENDS…",
      isOfUser: false,
    });
  });
});
