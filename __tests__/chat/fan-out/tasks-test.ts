import { expect } from "chai";
import { LOBBY_SHARD as shard } from "../../../chat/channel.ts";
import { departureTasksFor, taskIn, tasksFor } from "../../../chat/fan-out/tasks.ts";
import { aConnection } from "../../support/builders.ts";
import { LOBBY_FRAME as frame } from "../../support/chat.ts";

/** The limit of an asynchronous event. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const EVENT_BYTES_MAX = 1_048_576;

const overTheWire = (task: object): unknown => JSON.parse(JSON.stringify(task));

describe("chat/fan-out/tasks", () => {
  it("reads each kind of task as it was handed over", () => {
    const recipients = [aConnection(), aConnection({ protocol: "chat.v1", expiresAt: 1 })];
    const departures = [{ channel: "lobby", departed: [aConnection({ groups: ["staff"] })] }];
    const tasks = [...tasksFor({ frame, shard, shards: 2, hops: 3 }, recipients), ...departureTasksFor(departures)];
    expect(tasks.map((task) => taskIn(overTheWire(task)))).to.deep.equal(tasks);
  });

  it("reads a task without a kind, which functions of an earlier version hand over", () => {
    const task = { frame, shard, shards: 2, after: "A", hops: 3 };
    expect(taskIn(overTheWire(task))).to.deep.equal(task);
  });

  it("keeps fields of a frame that this version does not know", () => {
    const task = { frame: { ...frame, colour: "blue" }, shard, shards: 1 };
    expect(taskIn(task)).to.deep.equal(task);
  });

  it("refuses any other event, and names only its fields", () => {
    for (const event of [null, "secret", {}, { frame, shard }, { kind: "other", frame, shard, shards: 1 }]) {
      expect(() => taskIn(event), JSON.stringify(event))
        .to.throw("The event is not a task")
        .with.property("message")
        .that.does.not.include("secret");
    }
    expect(() => taskIn({ frame, shard })).to.throw("its fields are frame, shard.");
  });

  it("hands over whether a user is authenticated, and not the names of the groups", () => {
    const [anna, guest] = [aConnection({ groups: ["staff"] }), aConnection()];
    const [task] = departureTasksFor([{ channel: "ops", departed: [anna, guest] }]);
    expect(task?.departures[0]?.departed.map(({ groups }) => groups)).to.deep.equal([[], undefined]);
  });

  it("splits departures so that each event stays below the limit of Lambda", () => {
    const departed = Array.from({ length: 500 }, () => aConnection({ user: "é".repeat(128), protocol: "chat.v1" }));
    const departures = Array.from({ length: 50 }, (_, index) => ({ channel: `c${index}`.padEnd(64, "x"), departed }));
    const tasks = departureTasksFor(departures);
    for (const task of tasks) expect(JSON.stringify(task).length * 2).to.be.below(EVENT_BYTES_MAX);
    const notices = tasks.flatMap((task) => task.departures.flatMap((each) => each.departed));
    expect(notices).to.have.length(25_000);
  });
});
