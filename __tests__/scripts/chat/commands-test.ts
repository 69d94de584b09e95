import { expect } from "chai";
import { commandNames, readLine } from "../../../scripts/chat/commands.ts";

const read = (line: string) => {
  const input = readLine(line, "ops");
  return input.kind === "request" ? input.request : input;
};

describe("scripts/chat/commands", () => {
  for (const [line, request] of [
    ["hi", { message: "sendmessage", channel: "ops", data: "hi" }],
    ["  as it is ", { message: "sendmessage", channel: "ops", data: "  as it is " }],
    ["//join is a command", { message: "sendmessage", channel: "ops", data: "/join is a command" }],
    ["/join dev", { message: "join", channel: "dev" }],
    ["/leave", { message: "leave", channel: "ops" }],
    ["/leave dev ", { message: "leave", channel: "dev" }],
    ["/members", { message: "members", channel: "ops" }],
    ["/channels", { message: "channels" }],
    ["/name Anna B.", { message: "name", data: "Anna B." }],
    ["/msg anna psst, you", { message: "direct", to: "anna", data: "psst, you" }],
    ['/msg "Anna B." psst', { message: "direct", to: "Anna B.", data: "psst" }],
    ["/msg-edit anna psst, all", { kind: "direct", user: "anna", action: { do: "edit", data: "psst, all" } }],
    ['/msg-reply "Anna B." yes', { kind: "direct", user: "Anna B.", action: { do: "reply", data: "yes" } }],
    ['/msg-delete "Anna B."', { kind: "direct", user: "Anna B.", action: { do: "delete" } }],
    ["/msg-react anna 👍", { kind: "direct", user: "anna", action: { do: "react", emoji: "👍" } }],
    ["/msg-react anna", { kind: "direct", user: "anna", action: { do: "react", emoji: null } }],
    ["/reply anna yes, you", { kind: "reply", channel: "ops", user: "anna", data: "yes, you" }],
    ["/react anna 👍", { kind: "react", channel: "ops", user: "anna", emoji: "👍" }],
    ["/react Anna B. ❤️", { kind: "react", channel: "ops", user: "Anna B.", emoji: "❤️" }],
    ["/react Anna B.", { kind: "react", channel: "ops", user: "Anna B.", emoji: null }],
    ['/react "Room 5" 👍', { kind: "react", channel: "ops", user: "Room 5", emoji: "👍" }],
    ['/react "The 👍"', { kind: "react", channel: "ops", user: "The 👍", emoji: null }],
    ["/react Room 5", { kind: "react", channel: "ops", user: "Room 5", emoji: null }],
    ["/react ben #️⃣", { kind: "react", channel: "ops", user: "ben", emoji: "#️⃣" }],
    ["/react ben \u2764", { kind: "react", channel: "ops", user: "ben", emoji: "\u2764\uFE0F" }],
    ["/react ben 👍👍", { kind: "react", channel: "ops", user: "ben", emoji: "👍👍" }],
    ["/private plans", { message: "join", channel: "plans", private: true }],
    ["/invite anna", { message: "invite", channel: "ops", user: "anna" }],
    ["/revoke anna", { message: "invite", channel: "ops", user: "anna", revoke: true }],
    ["/kick Anna B.", { message: "kick", user: "Anna B." }],
    ["/ban Anna B.", { message: "ban", user: "Anna B." }],
    ["/unban Anna B.", { message: "unban", user: "Anna B." }],
    ["/mute Anna B. 10", { message: "mute", channel: "ops", user: "Anna B.", seconds: 600 }],
    ["/delete anna", { kind: "delete", channel: "ops", user: "anna" }],
    ['/delete "Anna B."', { kind: "delete", channel: "ops", user: "Anna B." }],
    ['/kick "Anna B."', { message: "kick", user: "Anna B." }],
    ['/kick ""anna""', { message: "kick", user: '"anna"' }],
    ['/mute "Anna B." 10', { message: "mute", channel: "ops", user: "Anna B.", seconds: 600 }],
    ['/revoke "Anna B."', { message: "invite", channel: "ops", user: "Anna B.", revoke: true }],
    ["/unread", { message: "unread" }],
    ["/read ben", { kind: "read", direct: "ben" }],
    ["/read", { kind: "read", channel: "ops" }],
    ["/direct", { message: "conversations" }],
    ["/direct anna smith", { message: "history", direct: "anna smith", limit: 50 }],
    ["/history dev", { message: "history", channel: "dev", limit: 50 }],
  ] as const) {
    it(`reads ${line}`, () => {
      expect(read(line)).to.deep.equal(request);
    });
  }

  it("does nothing for an empty line", () => {
    expect(readLine("  ", "ops")).to.deep.equal({ kind: "nothing" });
  });

  it("shows the usage of a command with invalid parameters", () => {
    expect(readLine("/join", "ops")).to.deep.equal({ kind: "mistake", detail: "Usage: /join CHANNEL" });
    expect(readLine("/quit now", "ops")).to.deep.equal({ kind: "mistake", detail: '"/quit" has no parameters.' });
    expect(readLine("/mute anna", "ops")).to.have.property("detail", "Usage: /mute USER MINUTES");
    expect(readLine("/msg anna", "ops")).to.have.property("detail", 'Usage: /msg NAME TEXT, or "A NAME" TEXT');
  });

  it("lists all commands if there is no such command", () => {
    for (const line of ["/jion ops", "/", "/constructor"]) {
      expect(readLine(line, "ops")).to.have.property("detail").that.includes(commandNames.join(", "));
    }
  });

  it("refuses a message if the user is not in a channel", () => {
    expect(readLine("hi", undefined)).to.deep.equal({
      kind: "mistake",
      detail: "You are not in a channel. Join one: /join lobby.",
    });
  });
});
