import type { Session, SessionEvents } from "@serverless-chat/client";
import { expect } from "chai";
import sinon from "sinon";
import { Chat } from "../../../web/state/chat.ts";
import { listenTo } from "../../../web/state/listen-to.ts";
import { followLastingMembers } from "../../../web/state/members.ts";
import { ReadMarks } from "../../../web/state/read-marks.ts";
import { UserStorage } from "../../../web/state/user-storage.ts";

describe("the members of a channel on the page", () => {
  let clock: sinon.SinonFakeTimers;
  let chat: Chat;
  /** The connected members of `design`, by page. */
  let connected: readonly (readonly string[])[];
  /** The channels whose members were requested. */
  let asked: string[];
  const listeners = new Map<string, ((event: never) => void)[]>();
  const emit = <Type extends keyof SessionEvents>(type: Type, event: SessionEvents[Type]) => {
    for (const listener of listeners.get(type) ?? []) listener(event as never);
  };
  const settle = async () => {
    for (let ticks = 0; ticks < 10; ticks += 1) await Promise.resolve();
  };

  const open = async ({ isLasting = true } = {}) => {
    const session = {
      channels: ["lobby", "design"],
      pending: [],
      on: (type: string, listener: (event: never) => void) =>
        void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
      async members(channel: string, { cursor = "0" } = {}) {
        asked.push(channel);
        const next = Number(cursor) + 1;
        return { members: connected[Number(cursor)], ...(next < connected.length && { cursor: String(next) }) };
      },
    } as unknown as Session;
    const storage = new UserStorage(undefined);
    chat = new Chat({
      ...{ session, storage, readMarks: new ReadMarks(storage), isModerator: false, ownMessageMinutes: undefined },
      ...{ isAuthenticated: true, storesDirect: false, hasReactions: false, hasLastingMembership: isLasting },
      signOut: async () => undefined,
    });
    listenTo(chat);
    if (isLasting) followLastingMembers(chat);
    chat.show("#design");
    await settle();
    asked = [];
  };
  const shown = () => {
    const { members = [], away = [] } = chat.state.conversations.get("#design") ?? {};
    return { members: [...members], away: [...away] };
  };
  const lobby = (type: "joined" | "left", user: string) => emit("presence", { type, channel: "lobby", user });

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout"] });
    Object.assign(globalThis, { document: { visibilityState: "visible", addEventListener: () => undefined } });
    [connected, asked] = [[["anna", "ben"], ["carol"]], []];
  });
  afterEach(() => {
    listeners.clear();
    sinon.restore();
    Reflect.deleteProperty(globalThis, "document");
  });

  it("are read from all pages, and follow the notices of the channel", async () => {
    await open({ isLasting: false });
    expect(shown()).to.deep.equal({ members: ["anna", "ben", "carol"], away: [] });
    emit("presence", { type: "left", channel: "design", user: "ben" });
    emit("presence", { type: "joined", channel: "design", user: "dave" });
    lobby("left", "anna");
    clock.tick(60_000);
    expect(shown()).to.deep.equal({ members: ["anna", "carol", "dave"], away: [] });
    expect(asked).to.deep.equal([]);
  });

  it("are away after they disconnect, and connected again later, where they stay in the channel", async () => {
    await open();
    connected = [["anna"]];
    for (const user of ["ben", "carol"]) lobby("left", user);
    clock.tick(2_000);
    await settle();
    expect(asked, "one request for both").to.deep.equal(["design"]);
    expect(shown()).to.deep.equal({ members: ["anna"], away: ["ben", "carol"] });
    connected = [["anna", "ben"]];
    lobby("joined", "ben");
    clock.tick(2_000);
    await settle();
    expect(shown()).to.deep.equal({ members: ["anna", "ben"], away: ["carol"] });
  });

  it("are not read again for users whose state is known, and not while the page is hidden", async () => {
    await open();
    lobby("joined", "ben");
    lobby("left", "eve");
    Object.assign(document, { visibilityState: "hidden" });
    lobby("left", "ben");
    clock.tick(2_000);
    await settle();
    expect(asked).to.deep.equal([]);
  });

  it("are removed when they leave, and are not away after the session was offline", async () => {
    await open();
    connected = [["anna"]];
    lobby("left", "carol");
    clock.tick(2_000);
    await settle();
    emit("presence", { type: "left", channel: "design", user: "carol" });
    expect(shown()).to.deep.equal({ members: ["anna"], away: ["ben"] });
    emit("state", { status: "online" });
    await settle();
    expect(shown()).to.deep.equal({ members: ["anna"], away: [] });
  });

  it("are read again each time their channel is shown, only where they stay in it", async () => {
    await open();
    chat.show("#design");
    expect(asked).to.deep.equal(["design"]);
    await open({ isLasting: false });
    chat.show("#design");
    expect(asked).to.deep.equal([]);
  });
});
