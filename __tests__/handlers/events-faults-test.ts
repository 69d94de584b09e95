import { expect } from "chai";
import sinon from "sinon";
import { finishBackground } from "../../aws/background.ts";
import { eventQueue } from "../../aws/events/event-queue.ts";
import { metrics } from "../../aws/metrics.ts";
import { digestOf } from "../../aws/runtime.ts";
import type { Connected } from "../../chat/connection.ts";
import type { QueuedEvent } from "../../chat/events.ts";
import { type ClientFrame, Delete, Edit } from "../../chat/protocol/client-frames.ts";
import { SendMessage } from "../../chat/protocol/send-message-frame.ts";
import { deleteMessage } from "../../chat/use-cases/delete.ts";
import { editMessage } from "../../chat/use-cases/edit.ts";
import { type EventEntry, sendEvents } from "../../chat/use-cases/send-events.ts";
import { sendMessage } from "../../chat/use-cases/send-message.ts";
import type { StatusOf, UserStatus } from "../../chat/user-ports.ts";
import { pushReplyLambda, routeResponseLambda } from "../../handlers/runtime/frame-lambda.ts";
import { workerLambda } from "../../handlers/runtime/lambda.ts";
import { aContext, anEvent, NOON } from "../support/builders.ts";
import { aChat, type Chat, frameSender } from "../support/chat.ts";
import { attempt, type Fault, faultyPorts, type Run, rejectingCall, WAYS } from "../support/faults/ports.ts";

/** Lambda retries an asynchronous event twice. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const ATTEMPTS_MAX = 3;

type Task = { readonly events: readonly QueuedEvent[] };

/** A chat with a queue of events, and an event bus that records what it gets. */
class EventWorld {
  readonly chat: Chat = aChat({ now: () => NOON, ownMessageMinutes: 15 });
  /** Tasks that Lambda has accepted for the function that sends events. */
  readonly tasks: Task[] = [];
  readonly onBus: EventEntry[] = [];
  lost = 0;

  /** The types of the events on the bus, without repeats. */
  get types(): string[] {
    const byId = new Map(this.onBus.map(({ type, detail }) => [JSON.parse(detail).eventId, type]));
    return [...byId.values()];
  }

  /** Runs the function of a frame. Returns what the client received. */
  async send(sender: Connected, frame: ClientFrame, fault?: Fault): Promise<{ run: Run; answers: unknown[] }> {
    const run: Run = { calls: [], isDead: false };
    const faulty = { run, ...(fault && { fault }) };
    const ports: Chat = {
      ...faultyPorts(this.chat, { ...faulty, retrying: { isRetry: false } }),
      emit: eventQueue({
        invoke: async (task) =>
          void (await attempt(faulty, { ...rejectingCall("queue events"), call: () => this.tasks.push(task) })),
        newMessageId: this.chat.newMessageId,
        now: this.chat.now,
        count: (_, value = 1) => {
          if (!run.isDead) this.lost += value;
        },
      }),
    };
    const before = this.chat.received(sender).length;
    const body = JSON.stringify(frame);
    const event = anEvent({ routeKey: frame.message, connectionId: sender.id, requestTimeEpoch: NOON, body });
    const result = await functionOf(frame, ports)(event as never, aContext());
    const answers = [
      ...this.chat.received(sender).slice(before),
      ...(result.body && !run.isDead ? [JSON.parse(result.body)] : []),
    ];
    return { run, answers };
  }

  /** Runs the function that sends events, as often as Lambda would. Returns the first run, which has the fault. */
  async drain(fault?: Fault): Promise<Run> {
    const first: Run = { calls: [], isDead: false };
    let faulty = { run: first, ...(fault && { fault }) };
    for (const task of this.tasks.splice(0)) {
      for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
        const isDone = await this.#runSender(task, faulty);
        faulty = { run: { calls: [], isDead: false } };
        if (isDone) break;
      }
    }
    return first;
  }

  async #runSender(task: Task, faulty: { readonly run: Run; readonly fault?: Fault }): Promise<boolean> {
    const putEvents = async (entries: readonly EventEntry[]) => {
      const refused = () => entries.map((entry) => ({ entry, errorCode: "no response", isRetryable: true }));
      const call = () => void this.onBus.push(...entries);
      const outcome = await attempt(faulty, { name: "PutEvents", call, failed: refused, lost: refused });
      return (outcome ?? []) as ReturnType<typeof refused>;
    };
    const statusOf: StatusOf = async (user) => {
      const outcome = await attempt(faulty, { ...rejectingCall("statusOf"), call: () => this.chat.statusOf(user) });
      return outcome as UserStatus;
    };
    const off = { directConversations: false, lastingMembership: false, checksBans: false, privateChannels: {} };
    const settings = { statusOf, digestOf, ...off };
    const ports = { ...settings, putEvents, pause: async () => undefined, random: () => 0, count: () => undefined };
    const done = workerLambda(sendEvents, ports)(task, aContext());
    return done.then(
      () => true,
      () => false,
    );
  }
}

function functionOf({ message }: ClientFrame, ports: Chat) {
  if (message === "edit") return routeResponseLambda(Edit, editMessage, ports);
  if (message === "delete") return routeResponseLambda(Delete, deleteMessage, ports);
  return pushReplyLambda(SendMessage, sendMessage, ports);
}

const sendText = frameSender(sendMessage, "sendmessage");

/** Frames of a user, each with an event. `target` is a message of the user. */
const frames: readonly ((target: string) => ClientFrame)[] = [
  () => ({ message: "sendmessage", data: "hi", id: "c-1" }),
  (target) => ({ message: "edit", target, data: "hello", id: "c-1" }),
  (target) => ({ message: "delete", target, id: "c-1" }),
];

async function aWorld(frameOf: (target: string) => ClientFrame) {
  const world = new EventWorld();
  const ben = await world.chat.enter({ user: "ben", groups: [], protocol: "chat.v1" });
  const { reply } = await sendText(world.chat, ben, { channel: "lobby", data: "first" });
  const frame = frameOf(String(Object(reply).message));
  return { world, ben, frame };
}

/** Sends a frame with a fault in its function, and then its event. */
async function played(frameOf: (target: string) => ClientFrame, fault?: Fault) {
  const { world, ben, frame } = await aWorld(frameOf);
  const { run, answers } = await world.send(ben, frame, fault);
  await world.drain();
  return { world, calls: run.calls, isAcknowledged: answers.some((each) => Object(each).type === "ack") };
}

describe("handlers, with a fault while an event is sent", () => {
  before(() => {
    for (const level of ["info", "error"] as const) sinon.replace(console, level, () => undefined);
    sinon.replace(metrics, "count", () => undefined);
    sinon.replace(metrics, "write", () => undefined);
  });
  after(() => sinon.restore());

  for (const frameOf of frames) {
    const { message } = frameOf("");

    it(`answer ${message} as without the fault if the event cannot be queued, and count the event`, async () => {
      const { world, ben, frame } = await aWorld(frameOf);
      const { run, answers } = await world.send(ben, frame);
      const at = run.calls.indexOf("queue events");
      expect(at, "the event is queued").to.be.above(0);
      for (const way of ["fails", "answer lost"] as const) {
        const other = await aWorld(frameOf);
        const faulty = await other.world.send(other.ben, other.frame, { at, way });
        expect(faulty.answers.map((each) => Object(each).type)).to.deep.equal(
          answers.map((each) => Object(each).type),
          way,
        );
        expect(other.world.lost, way).to.equal(1);
        expect(other.world.tasks, way).to.have.length(way === "fails" ? 0 : 1);
      }
    });

    for (const way of WAYS) {
      it(`send or count the event of an acknowledged ${message} if any call of its function has a fault: ${way}`, async () => {
        const { calls } = await played(frameOf);
        for (const [at, call] of calls.entries()) {
          const { isAcknowledged, world } = await played(frameOf, { at, way });
          expect(world.types.length, call).to.be.at.most(1);
          expect(world.types.length + world.lost, call).to.be.at.least(isAcknowledged ? 1 : 0);
        }
      });

      it(`send the event of ${message} to the bus, always with the same id, if PutEvents has a fault: ${way}`, async () => {
        const { world, ben, frame } = await aWorld(frameOf);
        await world.send(ben, frame);
        const { calls } = await world.drain({ at: 0, way });
        expect(calls, "the attempts of the first invocation").to.have.length(way === "invocation ends early" ? 1 : 2);
        expect(world.types).to.have.length(1);
        expect(world.onBus).to.have.length(way === "fails" ? 1 : 2);
      });
    }
  }

  for (const way of WAYS) {
    it(`send an event for each mentioned user who is away if any call of the function has a fault: ${way}`, async () => {
      const frameOf = (): ClientFrame => ({
        message: "sendmessage",
        data: "hi",
        mentions: ["carol", "dave"],
        id: "c-1",
      });
      const sent = async (fault?: Fault) => {
        const { world, ben, frame } = await aWorld(frameOf);
        await world.send(ben, frame);
        const { calls } = await world.drain(fault);
        return { calls, types: world.types };
      };
      const { calls } = await sent();
      expect(calls).to.deep.equal(["statusOf", "statusOf", "PutEvents"]);
      for (const [at, call] of calls.entries()) {
        const { types } = await sent({ at, way });
        const expected = ["message stored", "mention unreceived", "mention unreceived"];
        expect(types, call).to.have.members(expected);
      }
    });
  }

  it("do not wait for Lambda to queue an event before they respond", async () => {
    const { world, ben } = await aWorld(() => ({ message: "sendmessage", data: "hi" }));
    let accept = (): void => undefined;
    const accepted = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const { newMessageId, now, count } = world.chat;
    const emit = eventQueue({ invoke: () => accepted, newMessageId, now, count });
    const { reply } = await sendText({ ...world.chat, emit }, ben, { channel: "lobby", data: "hi" });
    expect(reply).to.include({ type: "ack" });
    accept();
    expect(await finishBackground()).to.deep.equal([]);
  });
});
