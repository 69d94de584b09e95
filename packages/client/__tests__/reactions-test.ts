import { expect } from "chai";
import type { Message, Reacted, Reactions } from "../src/protocol.ts";
import { ReactionChanges, reactionsAfter } from "../src/reactions.ts";
import { MemoryChat, next, reaches } from "./support/memory-chat.ts";

const counted = (count: number, revision: number, own?: string): Reactions => ({
  counts: [{ emoji: "👍", count }],
  revision,
  ...(own !== undefined && { own }),
});

const ID = "01M85X21JF1EDDXY0AX7YRAJ1S";

/** A push about a user. */
const pushed = (revision: number, user: string, emoji?: string): Reacted => ({
  ...({ type: "reacted", channel: "lobby", id: ID, user, ...(emoji !== undefined && { emoji }) } as const),
  ...{ reactions: counted(revision, revision), change: ID },
});

/** A record of the history. */
const read = (revision: number, own?: string): Reacted => ({
  ...({ type: "reacted", channel: "lobby", id: ID } as const),
  ...{ reactions: counted(revision, revision, own), change: ID },
});

const message = (reactions?: Reactions): Message => ({
  ...({ type: "message", channel: "lobby", id: ID, from: "ben", data: "Hi", at: "2026-01-01T12:00:00.000Z" } as const),
  ...(reactions && { reactions }),
});

describe("packages/client/reactions", () => {
  it("keep the user's own reaction when others react, and change it with a push about the user", () => {
    const first = reactionsAfter(undefined, { user: "anna", emoji: "👍", reactions: counted(1, 1) }, "anna");
    expect(first).to.deep.equal(counted(1, 1, "👍"));
    const second = reactionsAfter(first, { user: "ben", emoji: "👍", reactions: counted(2, 2) }, "anna");
    expect(second).to.deep.equal(counted(2, 2, "👍"));
    expect(reactionsAfter(second, { user: "anna", reactions: counted(1, 3) }, "anna")).to.deep.equal(counted(1, 3));
  });

  it("take the own reaction of the history, and ignore changes that arrive late or again", () => {
    const read = reactionsAfter(counted(1, 1), { reactions: counted(2, 4, "👍") }, "anna");
    expect(read).to.deep.equal(counted(2, 4, "👍"));
    for (const revision of [3, 4]) {
      expect(reactionsAfter(read, { user: "ben", emoji: "👍", reactions: counted(9, revision) }, "anna")).to.equal(
        read,
      );
    }
  });

  it("take the own reaction of the history, although a push about another user has brought the same counts", () => {
    expect(reactionsAfter(counted(4, 4), read(4, "👍"), "anna")).to.deep.equal(counted(4, 4, "👍"));
  });

  it("are added to a message that was read before the changes, whatever their order", () => {
    const [own, others] = [pushed(4, "anna", "🎉"), pushed(5, "ben", "👍")];
    for (const changes of [
      [own, others],
      [others, own],
    ]) {
      const known = new ReactionChanges(10);
      for (const change of changes) known.add(change, "anna");
      expect(known.applyTo(message()).reactions, "no reactions").to.deep.equal(counted(5, 5, "🎉"));
      expect(known.applyTo(message(counted(3, 3, "👍"))).reactions, "older").to.deep.equal(counted(5, 5, "🎉"));
      expect(known.applyTo(message(counted(6, 6, "👍"))).reactions, "newer").to.deep.equal(counted(6, 6, "👍"));
      expect(known.applyTo({ ...message(), deleted: true })).not.to.have.property("reactions");
    }
  });

  it("report the own reaction once if later counts are known already", () => {
    for (const [late, user] of [
      [pushed(4, "anna", "🎉"), "a late push"],
      [read(4, "🎉"), "an older record"],
      [read(5, "🎉"), "a record with the same counts"],
    ] as const) {
      const known = new ReactionChanges(10);
      const first = known.add(pushed(5, "ben", "👍"), "anna");
      const second = known.add(late, "anna");
      expect(second?.reactions, user).to.deep.equal(counted(5, 5, "🎉"));
      expect(second, user).not.to.have.property("user");
      const shown = [first, second].reduce<Reactions | undefined>(
        (current, change) => change && reactionsAfter(current, change, "anna"),
        counted(1, 1),
      );
      expect(shown, user).to.deep.equal(counted(5, 5, "🎉"));
      expect(known.add(late, "anna"), user).to.equal(undefined);
    }
  });

  it("keep the user's own reaction if another user reacts while the history is being read", async () => {
    const chat = new MemoryChat();
    chat.script = ({ message: request, before, id, channel }) => {
      if (request !== "history" || before === undefined) return undefined;
      chat.push(pushed(4, "ben", "👍"));
      return [{ type: "history", id, channel, messages: [message(counted(3, 3, "👍"))] }];
    };
    const session = chat.open({ history: 10 });
    const reported = await next(session, "message");
    await session.close();
    expect(reported).to.deep.include({ reactions: counted(4, 4, "👍") });
  });

  it("are sent, pushed, and read from the history after a reconnect", async () => {
    const chat = new MemoryChat();
    const session = chat.open();
    await reaches(session, "online");
    await session.react("lobby", ID, null);
    expect(chat.frames.at(-1)).to.deep.include({ message: "react", channel: "lobby", emoji: null });
    const reported: number[] = [];
    session.on("reacted", ({ reactions }) => void reported.push(reactions.revision));
    for (const revision of [1, 2, 1]) chat.push(pushed(revision, "ben", "👍"));
    chat.script = ({ message, id, channel }) =>
      message === "history"
        ? [{ type: "history", id, channel, messages: [], reactions: [read(2, "👍"), read(3, "👍"), read(3, "👍")] }]
        : undefined;
    chat.cut();
    await next(session, "reacted");
    expect(reported).to.deep.equal([1, 2, 2, 3]);
    await session.close();
  });
});
