import type { ConnectionState, Session } from "@serverless-chat/client";
import { expect } from "chai";
import { Chat } from "../../../web/state/chat.ts";
import { listenTo } from "../../../web/state/listen-to.ts";
import { ReadMarks } from "../../../web/state/read-marks.ts";
import { UserStorage } from "../../../web/state/user-storage.ts";

describe("a chat of the page", () => {
  let chat: Chat;
  before(() => {
    Object.assign(globalThis, { document: { visibilityState: "visible", addEventListener: () => undefined } });
  });
  after(() => {
    Reflect.deleteProperty(globalThis, "document");
  });
  beforeEach(() => {
    const session = { channels: ["lobby", "design"] } as unknown as Session;
    const storage = new UserStorage(undefined);
    chat = new Chat({
      session,
      storage,
      readMarks: new ReadMarks(storage),
      isModerator: false,
      ownMessageMinutes: undefined,
      hasReactions: false,
      hasLastingMembership: false,
      isAuthenticated: false,
      storesDirect: false,
      signOut: async () => undefined,
    });
  });

  it("moves the draft of a direct message when the recipient changes name", () => {
    chat.setDraft("@guest-1", "half a sen");
    chat.renamed("guest-1", "paul");
    expect([chat.draft("@guest-1"), chat.draft("@paul")]).to.deep.equal(["", "half a sen"]);
  });

  it("keeps the drafts for both users if a user takes the name of another", () => {
    chat.setDraft("@guest-1", "to the guest");
    chat.setDraft("@paul", "to paul");
    chat.renamed("guest-1", "paul");
    expect(chat.draft("@paul")).to.equal("to paul\nto the guest");
  });

  it("lets guests change only the messages of their current connection, which have later ids", () => {
    const connect: ((state: ConnectionState) => void)[] = [];
    const on = (type: string, listener: (state: ConnectionState) => void) => type === "state" && connect.push(listener);
    Object.assign(chat.session, { on, pending: [], members: async () => ({ members: [] }) });
    listenTo(chat);
    const message = { from: "guest-1", text: "Hi", at: 0, isDeleted: false, isProgram: false, isOwn: true };
    chat.add("#design", { ...message, id: "2" });
    chat.add("#lobby", { ...message, id: "1" });
    for (const listener of connect) listener({ status: "online" } as ConnectionState);
    expect(chat.state.ownAfter).to.equal("2");
  });

  it("counts a message after the history as unread, whatever the clock of the user says", () => {
    const receive = (id: string) =>
      chat.receive({
        type: "message",
        channel: "design",
        id,
        from: "ben",
        data: "Hello",
        at: "2001-01-01T00:00:00.000Z",
        isOwn: false,
        isLate: false,
      });
    const unread = () => chat.state.conversations.get("#design")?.unread;
    receive("1");
    expect(unread()).to.equal(0);
    chat.historyIsRead();
    receive("2");
    expect(unread()).to.equal(1);
  });
});
