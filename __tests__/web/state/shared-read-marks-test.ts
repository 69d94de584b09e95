import type {
  ReceivedDirect,
  ReceivedMessage,
  Session,
  SessionEvents,
  UnreadConversation,
  UnreadCount,
} from "@serverless-chat/client";
import { expect } from "chai";
import sinon from "sinon";
import { ulid } from "ulid";
import { Chat } from "../../../web/state/chat.ts";
import { listenTo } from "../../../web/state/listen-to.ts";
import { followReadMarks, SharedReadMarks } from "../../../web/state/shared-read-marks.ts";
import { UserStorage } from "../../../web/state/user-storage.ts";

describe("read marks that the chat stores", () => {
  let chat: Chat;
  let counts: readonly UnreadCount[];
  let directCounts: readonly UnreadConversation[];
  /** The channels whose counts were requested. */
  let asked: unknown[];
  let status: "connecting" | "online";
  let clock: sinon.SinonFakeTimers;
  let sent: (readonly unknown[])[];
  const listeners = new Map<string, (event: never) => void>();
  const emit = <Type extends keyof SessionEvents>(type: Type, event: SessionEvents[Type]) =>
    listeners.get(type)?.(event as never);

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout"] });
    Object.assign(globalThis, { document: { visibilityState: "visible", addEventListener: () => undefined } });
    [counts, directCounts, asked, sent] = [[], [], [], []];
    status = "online";
    const session = {
      channels: ["lobby", "design"],
      pending: [],
      get state() {
        return { status };
      },
      on(type: string, listener: (event: never) => void) {
        const others = listeners.get(type);
        listeners.set(type, (event) => {
          others?.(event);
          listener(event);
        });
        return () => undefined;
      },
      members: async () => ({ members: [] }),
      async unread(channels: unknown) {
        asked.push(channels);
        return counts;
      },
      markRead: async (...mark: readonly string[]) => void sent.push(mark),
      async unreadConversations(conversations: readonly { direct: string }[]) {
        asked.push(conversations.map(({ direct }) => direct));
        return directCounts;
      },
      markConversationRead: async (...mark: readonly unknown[]) => void sent.push(mark),
    } as unknown as Session;
    const storage = new UserStorage(undefined);
    const readMarks = new SharedReadMarks(storage, session, { storesDirect: true });
    chat = new Chat({
      ...{ session, storage, readMarks, isModerator: false, ownMessageMinutes: undefined, isAuthenticated: true },
      storesDirect: true,
      hasReactions: false,
      hasLastingMembership: false,
      signOut: async () => undefined,
    });
    listenTo(chat);
    followReadMarks(chat, readMarks);
    chat.update((state) => ({ ...state, user: "anna" }));
  });
  afterEach(() => {
    listeners.clear();
    sinon.restore();
    Reflect.deleteProperty(globalThis, "document");
  });

  const receive = (id: string, own: Partial<ReceivedMessage> = {}) => {
    const sentBy = { channel: "design", from: "ben", data: "Hello", at: "2026-01-01T00:00:00.000Z" };
    emit("message", { type: "message", ...sentBy, id, isOwn: own.from === "anna", isLate: false, ...own });
  };
  const badge = (key = "#design") => {
    const { unread, hasMoreUnread } = chat.state.conversations.get(key) ?? {};
    return hasMoreUnread ? `${unread}+` : unread;
  };
  const goOnline = async () => {
    emit("state", { status: "online" });
    for (let ticks = 0; ticks < 5; ticks += 1) await Promise.resolve();
  };

  it("show the counts of the chat when the session is online", async () => {
    counts = [
      { channel: "lobby", count: 0, read: "3" },
      { channel: "design", count: 100, more: true, read: "1" },
    ];
    receive("2");
    await goOnline();
    expect([badge("#lobby"), badge()]).to.deep.equal([0, "100+"]);
    receive("3");
    expect(badge(), "a later message").to.equal("101+");
  });

  it("remove the badge of a shown channel in which the chat has counted none of possibly unread messages", async () => {
    counts = [{ channel: "design", count: 0, more: true }];
    await goOnline();
    expect(badge()).to.equal("0+");
    chat.show("#design");
    expect(badge()).to.equal(0);
  });

  it("count the messages that arrive while the chat counts, without own and deleted ones", async () => {
    counts = [{ channel: "design", count: 0, read: "1" }];
    receive("1");
    receive("2");
    receive("3", { from: "anna" });
    receive("4", { deleted: true, data: "" });
    receive("5", { from: "anna", publisher: true, isOwn: false });
    await goOnline();
    expect(badge()).to.equal(2);
  });

  it("are sent when the user sees messages, at once and then once in two seconds", async () => {
    receive("1", { channel: "lobby" });
    receive("2", { channel: "lobby" });
    receive("3", { channel: "lobby" });
    expect(sent).to.deep.equal([["lobby", "1"]]);
    clock.tick(2_000);
    expect(sent.slice(1)).to.deep.equal([["lobby", "3"]]);
    clock.tick(10_000);
    expect(sent).to.have.length(2);
    receive("4");
    expect(sent, "a channel that is not shown").to.have.length(2);
    chat.show("#design");
    expect(sent.at(-1)).to.deep.equal(["design", "4"]);
    expect(badge()).to.equal(0);
  });

  it("are not sent while the history is read, and after that only if the chat has an earlier mark", async () => {
    status = "connecting";
    receive("1", { channel: "lobby" });
    receive("2", { channel: "lobby" });
    expect(sent).to.deep.equal([]);
    status = "online";
    counts = [{ channel: "lobby", count: 0, read: "2" }];
    await goOnline();
    expect(sent).to.deep.equal([]);
    counts = [{ channel: "lobby", count: 1, read: "2" }];
    status = "connecting";
    receive("3", { channel: "lobby" });
    status = "online";
    await goOnline();
    expect(sent).to.deep.equal([["lobby", "3"]]);
  });

  it("follow what the user reads on another device, and never go back", async () => {
    for (const id of ["1", "2", "3"]) receive(id);
    expect(badge()).to.equal(3);
    emit("read", { type: "read", channel: "design", id: "2" });
    expect(badge()).to.equal(1);
    emit("read", { type: "read", channel: "design", id: "1" });
    expect(badge()).to.equal(1);
    expect(asked).to.deep.equal([]);
    expect(sent).to.deep.equal([]);
  });

  it("request the count again if the other device has read messages that this one does not have", async () => {
    receive("5");
    emit("read", { type: "read", channel: "design", id: "2" });
    expect(asked).to.deep.equal([["design"]]);
  });

  describe("of conversations", () => {
    const receiveDirect = (id: string, own: Partial<ReceivedDirect> = {}) => {
      const message = { from: "ben", to: "anna", data: "Hello", at: "2026-01-01T00:00:00.000Z", isOwn: false };
      emit("direct", { type: "direct", id, ...message, ...own });
    };
    const listed = [
      { direct: "ben", last: "2" },
      { direct: "ben", publisher: true, last: "1" },
    ] as const;

    it("show the counts of the chat, and the receipts, when the session is online", async () => {
      directCounts = [
        { direct: "ben", count: 2, receipt: "1" },
        { direct: "ben", publisher: true, count: 0, read: "1" },
      ];
      emit("conversations", listed);
      await goOnline();
      expect(asked).to.deep.include(["ben", "ben"]);
      expect([badge("@ben"), badge("!ben")]).to.deep.equal([2, 0]);
      expect(chat.state.conversations.get("@ben")?.receipt).to.equal("1");
    });

    it("count the 100 latest conversations at once, and 50 more in each second until the session is offline", async () => {
      const many = Array.from({ length: 1_200 }, (_, index) => ({ direct: `user ${index}`, last: ulid(index + 1) }));
      const passSecond = async () => {
        clock.tick(1_000);
        for (let ticks = 0; ticks < 10; ticks += 1) await Promise.resolve();
      };
      const counted = () => asked.filter((each) => each !== undefined).map((each) => (each as string[]).length);
      emit("conversations", many);
      await goOnline();
      expect(asked.flat()).to.include("user 1199").and.not.include("user 1099");
      for (let seconds = 0; seconds < 20; seconds += 1) await passSecond();
      expect(counted(), "the 1,000 latest").to.deep.equal([100, ...Array.from({ length: 18 }, () => 50)]);
      asked = [];
      await goOnline();
      await passSecond();
      emit("state", { status: "offline" } as never);
      await passSecond();
      expect(counted()).to.deep.equal([100, 50]);
    });

    it("do not mark what the user has not seen, also at the first visit", async () => {
      emit("conversations", listed);
      await goOnline();
      expect(sent).to.deep.equal([]);
    });

    it("are sent when the user sees messages, and follow other devices", () => {
      receiveDirect("3");
      receiveDirect("4");
      expect(badge("@ben")).to.equal(2);
      emit("read", { type: "read", direct: "ben", id: "3" });
      expect(badge("@ben")).to.equal(1);
      chat.show("@ben");
      expect(sent).to.deep.equal([["ben", "4", {}]]);
      receiveDirect("5", { publisher: true });
      chat.show("!ben");
      expect(sent.at(-1)).to.deep.equal(["ben", "5", { publisher: true }]);
    });

    it("keep the latest receipt", () => {
      receiveDirect("3", { from: "anna", to: "ben", isOwn: true });
      for (const id of ["3", "2"]) emit("receipt", { type: "receipt", direct: "ben", id });
      expect(chat.state.conversations.get("@ben")?.receipt).to.equal("3");
    });
  });
});
