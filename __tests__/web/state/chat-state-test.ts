import { expect } from "chai";
import type { ChatMessage } from "../../../web/model/chunks.ts";
import { badgeOf, directKey, INITIAL_STATE, withConversation, withRenamed } from "../../../web/state/chat-state.ts";

const message = (id: string, from: string): ChatMessage => ({
  ...{ id, from, text: id, at: 0 },
  isDeleted: false,
  isProgram: false,
});

describe("a user who takes another name", () => {
  const paul = withConversation(INITIAL_STATE, directKey("paul"), () => ({
    chunks: [[message("1", "paul"), message("3", "paul")]],
    unread: 1,
  }));
  const both = withConversation(paul, directKey("guest-1"), () => ({ chunks: [[message("2", "guest-1")]], unread: 2 }));
  const shown = { ...both, shown: directKey("guest-1") };

  it("keeps the direct messages, which stay shown", () => {
    const { conversations, shown: key } = withRenamed(shown, "guest-1", "anna");
    expect([...conversations.keys()]).to.deep.equal(["@paul", "@anna"]);
    expect(conversations.get("@anna")).to.include({ name: "anna", unread: 2 });
    expect(key).to.equal("@anna");
  });

  it("adds them to those with an earlier user of that name", () => {
    const { conversations, shown: key } = withRenamed(shown, "guest-1", "paul");
    expect([...conversations.keys()]).to.deep.equal(["@paul"]);
    const merged = conversations.get("@paul");
    expect(merged?.chunks.flat().map(({ id }) => id)).to.deep.equal(["1", "2", "3"]);
    expect(merged?.unread).to.equal(3);
    expect(key).to.equal("@paul");
  });
});

describe("the badge of a conversation", () => {
  for (const [unread, hasMoreUnread, text] of [
    [0, false, ""],
    [0, true, "•"],
    [3, false, "3"],
    [3, true, "3+"],
    [100, false, "99+"],
  ] as const) {
    it(`is "${text}" for ${unread} counted messages${hasMoreUnread ? " and possibly more" : ""}`, () => {
      expect(badgeOf({ unread, hasMoreUnread })).to.equal(text);
    });
  }
});
