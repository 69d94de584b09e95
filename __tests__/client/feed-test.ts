import { HandClock } from "@serverless-chat/emulator/testing/hand-clock";
import { expect } from "chai";
import { encodeTime } from "ulid";
import { Feed, type Message } from "../../client/feed.ts";

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

describe("client/feed", () => {
  let clock: HandClock;
  let told: string[];
  let late: string[];
  let feed: Feed;
  beforeEach(() => {
    clock = new HandClock();
    told = [];
    late = [];
    feed = new Feed({
      channel: "ops",
      settle: SETTLE,
      after: clock.after,
      tell({ message, isLate }) {
        told.push(message.data);
        if (isLate) late.push(message.data);
      },
    });
  });

  /** Past all of which the last `count` are told. */
  const begin = (past: readonly Message[] = [], count = 0): void => {
    feed.begin(past, { told: count, isAll: false });
    feed.release();
  };

  it("tells the last of the past, and nothing before", () => {
    begin([at(1), at(2), at(3)], 2);
    feed.page([at(0), at(1), at(2), at(3)]);
    for (const message of [at(2), at(3)]) feed.hear(message);
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["2", "3"]);
  });

  it("tells what is pushed after the first page had it, or began after it", () => {
    begin([at(2), at(3)]);
    for (const message of [at(1), at(3), at(3)]) feed.hear(message);
    feed.page([at(1), at(2), at(3)]);
    feed.release();
    clock.advance(SETTLE);
    expect(told).to.deep.equal(["1", "3"]);
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

  it("asks for the history from ten seconds before what it has read, and not before what it has heard", () => {
    expect(feed.readAfter).to.equal(undefined);
    begin([at(60)]);
    feed.hear(at(90));
    clock.advance(SETTLE);
    expect(feed.readAfter).to.equal(at(50).id);
    feed.page([at(90)]);
    expect(feed.readAfter).to.equal(at(80).id);
  });

  it("asks for all of the history of a channel in which nothing had been said", () => {
    feed.begin([], { told: 0, isAll: true });
    expect(feed.readAfter).to.equal("0".repeat(26));
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
    begin([at(0)]);
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
});
