import { expect } from "chai";
import { finishBackground } from "../../../aws/background.ts";
import { eventQueue } from "../../../aws/events/event-queue.ts";
import type { ChatEvent, QueuedEvent } from "../../../chat/events.ts";
import { NOON } from "../../support/builders.ts";

const stored = (data: string): ChatEvent => ({ type: "message stored", id: "01", channel: "ops", from: "anna", data });

/** A queue whose invocations are recorded, and rejected if there is a fault. */
function aQueue(fault?: Error) {
  const tasks: (readonly QueuedEvent[])[] = [];
  let lost = 0;
  let ids = 0;
  const emit = eventQueue({
    invoke: async ({ events }) => {
      if (fault) throw fault;
      tasks.push(events);
    },
    newMessageId: () => `id-${ids++}`,
    now: () => NOON,
    count: (_, value = 1) => {
      lost += value;
    },
  });
  return { emit, tasks, lost: () => lost };
}

describe("aws/events/event-queue", () => {
  it("invokes the function once with the events of one step, each with an id and a time", async () => {
    const { emit, tasks } = aQueue();
    emit(stored("a"));
    emit(stored("b"));
    expect(tasks).to.deep.equal([]);
    await finishBackground();
    emit(stored("c"));
    await finishBackground();
    expect(tasks).to.deep.equal([
      [
        { eventId: "id-0", at: NOON, event: stored("a") },
        { eventId: "id-1", at: NOON, event: stored("b") },
      ],
      [{ eventId: "id-2", at: NOON, event: stored("c") }],
    ]);
  });

  it("splits events into tasks of at most 100 events and 500,000 bytes", async () => {
    const { emit, tasks } = aQueue();
    for (let index = 0; index < 101; index += 1) emit(stored("a"));
    await finishBackground();
    for (let index = 0; index < 40; index += 1) emit(stored("\u0001".repeat(3_000)));
    await finishBackground();
    expect(tasks.map(({ length }) => length)).to.deep.equal([100, 1, 27, 13]);
  });

  it("counts events that Lambda does not accept, and returns a fault for the log without their text", async () => {
    const { emit, lost } = aQueue(new Error("Lambda did not accept an event: 500"));
    emit(stored("secret"));
    emit(stored("secret"));
    expect(await finishBackground()).to.deep.equal([
      "Error: 2 events were lost. Error: Lambda did not accept an event: 500",
    ]);
    expect([lost(), await finishBackground()]).to.deep.equal([2, []]);
  });
});
