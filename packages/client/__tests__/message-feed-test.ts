import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { expect } from "chai";
import { MessageFeed } from "../src/message-feed.ts";
import type { Deletion, Edited, Message } from "../src/protocol.ts";
import { lowestIdAt } from "../src/ulid.ts";

const SETTLE = 200;
const NOON = Date.UTC(2026, 0, 1, 12);

/** The message of so many seconds after noon. */
const at = (seconds: number): Message => ({
  type: "message",
  channel: "ops",
  id: lowestIdAt(NOON + seconds * 1000),
  from: "anna",
  data: String(seconds),
  at: new Date(NOON + seconds * 1000).toISOString(),
});

/** A deletion of a message, so many seconds after noon. */
const deletionOf = ({ id, channel }: Message, seconds: number): Deletion => ({
  ...{ type: "deleted", channel, id, by: "mona" },
  change: at(seconds).id,
});

describe("packages/client/message-feed", () => {
  let clock: ManualClock;
  let reported: string[];
  let late: string[];
  let deleted: string[];
  let feed: MessageFeed;
  beforeEach(() => {
    clock = new ManualClock();
    reported = [];
    late = [];
    deleted = [];
    feed = new MessageFeed({
      channel: "ops",
      settle: SETTLE,
      user: () => "anna",
      after: clock.after,
      onMessage(message, isLate) {
        reported.push(message.data);
        if (isLate) late.push(message.data);
      },
      onEdit({ id, data }) {
        reported.push(`${id} is ${data}`);
      },
      onReaction({ id, reactions }) {
        reported.push(`${id} ${reactions.revision}`);
      },
      onDeletion({ id }) {
        deleted.push(id);
      },
    });
  });

  /** Joins at the time of a message, and reports these messages from before. */
  const begin = (joinedAt = at(0), past: readonly Message[] = []): void => {
    feed.start(joinedAt.at);
    feed.addPast(past);
    feed.release();
  };

  it("reports the given messages from before the join, and no others", () => {
    begin(at(4), [at(2), at(3)]);
    feed.addPage([at(0), at(1), at(2), at(3), at(4)]);
    for (const message of [at(2), at(3)]) feed.receive(message);
    clock.advance(SETTLE);
    expect(reported).to.deep.equal(["2", "3", "4"]);
  });

  it("reports an older message that is pushed", () => {
    begin(at(2));
    for (const message of [at(1), at(3), at(3)]) feed.receive(message);
    feed.addPage([at(0), at(1), at(3)]);
    feed.release();
    clock.advance(SETTLE);
    expect(reported).to.deep.equal(["1", "3"]);
  });

  it("reports a message from after the first of two joins, although its push was lost", () => {
    feed.start(at(1).at);
    feed.start(at(3).at);
    feed.addPage([at(0), at(2), at(4)]);
    expect(reported).to.deep.equal(["2", "4"]);
  });

  it("waits a moment for older messages that are still on their way", () => {
    begin();
    feed.receive(at(2));
    feed.receive(at(1));
    expect(reported).to.deep.equal([]);
    clock.advance(SETTLE);
    expect(reported).to.deep.equal(["1", "2"]);
    expect(late).to.deep.equal([]);
  });

  it("reports a message that arrives later than that, and marks it as late", () => {
    begin();
    feed.receive(at(2));
    clock.advance(SETTLE);
    feed.receive(at(1));
    clock.advance(SETTLE);
    expect(reported).to.deep.equal(["2", "1"]);
    expect(late).to.deep.equal(["1"]);
  });

  it("reports a message once, however often it arrives, pushed or in the history", () => {
    begin();
    for (const message of [at(1), at(1), at(2)]) feed.receive(message);
    feed.hold();
    feed.addPage([at(1), at(2), at(3)]);
    feed.receive(at(3));
    feed.release();
    clock.advance(SETTLE);
    feed.receive(at(2));
    clock.advance(SETTLE);
    expect(reported).to.deep.equal(["1", "2", "3"]);
  });

  it("holds back what is pushed while the history is read, and merges it", () => {
    begin();
    feed.hold();
    for (const message of [at(7), at(3)]) feed.receive(message);
    clock.advance(SETTLE);
    expect(reported).to.deep.equal([]);
    feed.addPage([at(1), at(2), at(4)]);
    expect(reported).to.deep.equal(["1", "2", "3", "4"]);
    feed.addPage([at(5), at(6)]);
    feed.release();
    clock.advance(SETTLE);
    expect(reported).to.deep.equal(["1", "2", "3", "4", "5", "6", "7"]);
    expect(late).to.deep.equal([]);
  });

  it("reads the history from 30 seconds before the join or the last page, regardless of pushed messages", () => {
    expect(feed.readAfter).to.equal(undefined);
    begin(at(60));
    feed.receive(at(90));
    clock.advance(SETTLE);
    expect(feed.readAfter).to.equal(at(30).id);
    feed.addPage([at(90)]);
    expect(feed.readAfter).to.equal(at(60).id);
  });

  it("ignores messages that are older than any repeat, if the history has been read further", () => {
    begin();
    feed.receive(at(16 * 60));
    feed.addPage([at(17 * 60)]);
    feed.receive(at(0));
    clock.advance(SETTLE);
    expect(reported).to.deep.equal([String(16 * 60), String(17 * 60)]);
  });

  it("does not ignore messages up to which the history has not been read", () => {
    begin();
    feed.receive(at(3600));
    clock.advance(SETTLE);
    feed.addPage([at(1), at(3600)]);
    expect(reported).to.deep.equal(["3600", "1"]);
    expect(late).to.deep.equal(["1"]);
  });

  it("reports messages that are held back when it is flushed", () => {
    begin();
    for (const message of [at(2), at(1)]) feed.receive(message);
    feed.flush();
    expect(reported).to.deep.equal(["1", "2"]);
  });

  describe("with edits", () => {
    const editOf = ({ id, channel }: Message, data: string, seconds: number): Edited => ({
      ...{ type: "edited", channel, id, data, edit: at(seconds).id, change: at(seconds).id },
    });

    it("reports each once, and no older one after a newer one", () => {
      begin(at(1));
      feed.addPage([at(1)]);
      feed.edit(editOf(at(1), "newer", 6));
      feed.edit(editOf(at(1), "older", 5));
      feed.addPage([], [], [{ ...editOf(at(1), "newer", 6), change: at(8).id }]);
      expect(reported).to.deep.equal(["1", `${at(1).id} is newer`]);
      expect(feed.readAfter, "the edit counts as read").to.equal(at(8 - 30).id);
    });

    it("reports the edit of a message that is held back, or arrives later, and gives the message the new text", () => {
      begin();
      feed.receive(at(1));
      for (const second of [1, 2]) feed.edit(editOf(at(second), `${second}, edited`, second + 2));
      feed.receive(at(2));
      clock.advance(SETTLE);
      const edits = [1, 2].map((second) => `${at(second).id} is ${second}, edited`);
      expect(reported).to.deep.equal([...edits, "1, edited", "2, edited"]);
    });
  });

  describe("with edits and deletions of the same message", () => {
    const edited: Edited = {
      ...{ type: "edited", channel: "ops", id: at(1).id, data: "edited", edit: at(5).id, change: at(5).id },
    };

    it("does not report an edit after the deletion, whether it is pushed or in the history", () => {
      begin(at(1));
      feed.addPage([at(1)]);
      feed.remove(deletionOf(at(1), 6));
      feed.edit(edited);
      feed.addPage([], [], [{ ...edited, change: at(7).id }]);
      feed.edit({ ...edited, edit: at(8).id, change: at(8).id });
      expect(reported).to.deep.equal(["1"]);
      expect(deleted).to.deep.equal([at(1).id]);
    });

    it("reports an edit before the deletion, and then the deletion", () => {
      begin(at(1));
      feed.addPage([at(1)]);
      feed.addPage([], [deletionOf(at(1), 6)], [edited]);
      expect(reported).to.deep.equal(["1", `${at(1).id} is edited`]);
      expect(deleted).to.deep.equal([at(1).id]);
    });
  });

  describe("with deletions", () => {
    it("reports each once, whether it is pushed, in the history, or both", () => {
      begin(at(1));
      feed.addPage([at(1), at(2)]);
      feed.remove(deletionOf(at(1), 5));
      feed.addPage([], [deletionOf(at(1), 5), deletionOf(at(2), 6)]);
      feed.addPage([], [deletionOf(at(1), 5), deletionOf(at(2), 6)]);
      feed.remove(deletionOf(at(2), 6));
      expect(deleted).to.deep.equal([at(1).id, at(2).id]);
    });

    it("reports that of an old message", () => {
      begin(at(0));
      feed.addPage([at(0)]);
      feed.addPage([at(7200)], [deletionOf(at(0), 7201)]);
      expect(deleted).to.deep.equal([at(0).id]);
    });

    it("does not report a deleted message that is held back or arrives later", () => {
      begin();
      feed.receive(at(1));
      for (const second of [1, 2]) feed.remove(deletionOf(at(second), second + 2));
      feed.receive(at(2));
      clock.advance(SETTLE);
      expect(reported).to.deep.equal([]);
    });

    it("counts them as read", () => {
      begin(at(1));
      feed.addPage([], [deletionOf(at(1), 60)]);
      expect(feed.readAfter).to.equal(at(30).id);
    });
  });

  it("reports a change of reactions at once, also before its message, which then has the reactions", () => {
    begin();
    const { id } = at(1);
    const reactions = { counts: [{ emoji: "👍", count: 1 }], revision: 1 };
    const reacted = { type: "reacted", channel: "ops", id, reactions, change: id } as const;
    for (let times = 0; times < 2; times += 1) feed.react(reacted);
    feed.receive(at(1));
    clock.advance(SETTLE);
    expect(reported).to.deep.equal([`${id} 1`, at(1).data]);
  });
});
