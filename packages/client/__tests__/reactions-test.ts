import { expect } from "chai";
import type { Reacted, Reactions } from "../src/protocol.ts";
import { reactionsAfter } from "../src/reactions.ts";
import { MemoryChat, next, reaches } from "./support/memory-chat.ts";

const counted = (count: number, revision: number, own?: string): Reactions => ({
  counts: [{ emoji: "👍", count }],
  revision,
  ...(own !== undefined && { own }),
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

  it("are sent, pushed, and read from the history after a reconnect", async () => {
    const chat = new MemoryChat();
    const session = chat.open();
    await reaches(session, "online");
    await session.react("lobby", "01M85X21JF1EDDXY0AX7YRAJ1S", null);
    expect(chat.frames.at(-1)).to.deep.include({ message: "react", channel: "lobby", emoji: null });
    const reported: number[] = [];
    session.on("reacted", ({ reactions }) => void reported.push(reactions.revision));
    const change = (revision: number): Reacted => ({
      ...({ type: "reacted", channel: "lobby", id: "01M85X21JF1EDDXY0AX7YRAJ1S" } as const),
      ...{ reactions: counted(1, revision), change: "01M85X21JF1EDDXY0AX7YRAJ1T" },
    });
    for (const revision of [1, 2, 1]) chat.push(change(revision));
    chat.script = ({ message, id, channel }) =>
      message === "history"
        ? [{ type: "history", id, channel, messages: [], reactions: [change(2), change(3)] }]
        : undefined;
    const read = next(session, "reacted");
    chat.cut();
    await read;
    expect(reported).to.deep.equal([1, 2, 3]);
    await session.close();
  });
});
