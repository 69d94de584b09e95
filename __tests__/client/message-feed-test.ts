import { HandClock } from "@serverless-chat/emulator/testing/hand-clock";
import { expect } from "chai";
import { encodeTime } from "ulid";
import { type Deletion, type Message, MessageFeed } from "../../client/message-feed.ts";

const SETTLE = 200;
const NOON = Date.UTC(2026, 0, 1, 12);

/** The message of so many seconds after noon. */
const at = (seconds: number): Message => ({
  type: "message",
  channel: "ops",
  id: encodeTime(NOON + seconds * 1000) + "0".repeat(16),
  from: "anna",
  data: String(seconds),
  at: new Date(NOON + seconds * 1000).toISOString(),
});

/** A deletion of a message, so many seconds after noon. */
const deletionOf = ({ id, channel }: Message, seconds: number): Deletion => ({
  ...{ type: "deleted", channel, id, by: "mona" },
  change: at(seconds).id,
});

describe("client/message-feed", () => {
  let clock: HandClock;
  let told: string[];
  let late: string[];
  let deleted: string[];
  let feed: MessageFeed;
  beforeEach(() => {
    clock = new HandClock();
    told = [];
    late = [];
    deleted = [];
    feed = new MessageFeed({
      channel: "ops",
      settle: SETTLE,
      after: clock.after,
      tell({ message, isLate }) {
        told.push(message.data);
        if (isLate) late.push(message.data);
      },
      tellDeletion({ id }) {
        deleted.push(id);
      },
    });
  });

  /** Joins at the time of a message, and reports these messages from before. */
  const begin = (joinedAt = at(0), past: readonly Message[] = []): void => {
    feed.start(joinedAt.at);
    feed.past(past);
    feed.release();
  };

  it("reports the given messages from before the join, and no others", () => {
    begin(at(4), [at(2), at(3)]);
    feed.page([at(0), at(1), at(2), at(3), at(4)]);
    for (const message of [at(2), at(3)]) feed.hear(message);
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["2", "3", "4"]);
  });

  it("reports an older message that is pushed", () => {
    begin(at(2));
    for (const message of [at(1), at(3), at(3)]) feed.hear(message);
    feed.page([at(0), at(1), at(3)]);
    feed.release();
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["1", "3"]);
  });

  it("reports a message from after the first of two joins, although its push was lost", () => {
    feed.start(at(1).at);
    feed.start(at(3).at);
    feed.page([at(0), at(2), at(4)]);
    expect(told).to.deep.equal(["2", "4"]);
  });

  it("waits a moment for older messages that are still on their way", () => {
    begin();
    feed.hear(at(2));
    feed.hear(at(1));
    expect(told).to.deep.equal([]);
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["1", "2"]);
    expect(late).to.deep.equal([]);
  });

  it("tells what comes later than that all the same, and says so", () => {
    begin();
    feed.hear(at(2));
    clock.advance(SETTLE);
    feed.hear(at(1));
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["2", "1"]);
    expect(late).to.deep.equal(["1"]);
  });

  it("tells a message once, however often and whichever way it comes", () => {
    begin();
    for (const message of [at(1), at(1), at(2)]) feed.hear(message);
    feed.hold();
    feed.page([at(1), at(2), at(3)]);
    feed.hear(at(3));
    feed.release();
    clock.advance(SETTLE);
    feed.hear(at(2));
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["1", "2", "3"]);
  });

  it("keeps what comes while a history is read, and merges it", () => {
    begin();
    feed.hold();
    for (const message of [at(7), at(3)]) feed.hear(message);
    clock.advance(SETTLE);
    expect(told).to.deep.equal([]);
    feed.page([at(1), at(2), at(4)]);
    expect(told).to.deep.equal(["1", "2", "3", "4"]);
    feed.page([at(5), at(6)]);
    feed.release();
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["1", "2", "3", "4", "5", "6", "7"]);
    expect(late).to.deep.equal([]);
  });

  it("reads the history from 30 seconds before the join or the last page, whatever was pushed", () => {
    expect(feed.readAfter).to.equal(undefined);
    begin(at(60));
    feed.hear(at(90));
    clock.advance(SETTLE);
    expect(feed.readAfter).to.equal(at(30).id);
    feed.page([at(90)]);
    expect(feed.readAfter).to.equal(at(60).id);
  });

  it("takes what is older than any repeat for told, if the history has been read further", () => {
    begin();
    feed.hear(at(16 * 60));
    feed.page([at(17 * 60)]);
    feed.hear(at(0));
    clock.advance(SETTLE);
    expect(told).to.deep.equal([String(16 * 60), String(17 * 60)]);
  });

  it("does not take anything for told that the history has not been read up to", () => {
    begin();
    feed.hear(at(3600));
    clock.advance(SETTLE);
    feed.page([at(1), at(3600)]);
    expect(told).to.deep.equal(["3600", "1"]);
    expect(late).to.deep.equal(["1"]);
  });

  it("tells at once what still waits when it is flushed", () => {
    begin();
    for (const message of [at(2), at(1)]) feed.hear(message);
    feed.flush();
    expect(told).to.deep.equal(["1", "2"]);
  });

  describe("with deletions", () => {
    it("tells each once, whether it is pushed, in the history, or both", () => {
      begin(at(1));
      feed.page([at(1), at(2)]);
      feed.drop(deletionOf(at(1), 5));
      feed.page([], [deletionOf(at(1), 5), deletionOf(at(2), 6)]);
      feed.page([], [deletionOf(at(1), 5), deletionOf(at(2), 6)]);
      feed.drop(deletionOf(at(2), 6));
      expect(deleted).to.deep.equal([at(1).id, at(2).id]);
    });

    it("tells one of a message from long before", () => {
      begin(at(0));
      feed.page([at(0)]);
      feed.page([at(7200)], [deletionOf(at(0), 7201)]);
      expect(deleted).to.deep.equal([at(0).id]);
    });

    it("does not tell a message that waits or arrives later", () => {
      begin();
      feed.hear(at(1));
      for (const second of [1, 2]) feed.drop(deletionOf(at(second), second + 2));
      feed.hear(at(2));
      clock.advance(SETTLE);
      expect(told).to.deep.equal([]);
    });

    it("counts them as read", () => {
      begin(at(1));
      feed.page([], [deletionOf(at(1), 60)]);
      expect(feed.readAfter).to.equal(at(30).id);
    });
  });
});
