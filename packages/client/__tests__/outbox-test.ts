import { expect } from "chai";
import { IDBFactory } from "fake-indexeddb";
import { Window } from "happy-dom";
import { indexedDbOutbox, localStorageOutbox, type OutboxStore } from "../src/outbox.ts";
import type { Session } from "../src/session.ts";
import { MemoryChat, next, reaches } from "./support/memory-chat.ts";

type WithLock = (name: string, isWaiting: boolean, work: () => Promise<void>) => Promise<boolean>;

/** The locks of a browser, which its tabs share. */
function tabLocks(): WithLock {
  const held = new Map<string, Promise<void>>();
  return async (name, isWaiting, work) => {
    if (held.has(name) && !isWaiting) return false;
    while (held.has(name)) await held.get(name);
    const working = work().finally(() => held.delete(name));
    held.set(name, working);
    await working;
    return true;
  };
}

/** Installs a global of browsers until the end of the tests. */
function install(name: string, value: unknown): void {
  before(() => Object.defineProperty(globalThis, name, { value, configurable: true }));
  after(() => Reflect.deleteProperty(globalThis, name));
}

describe("packages/client/outbox", () => {
  install("indexedDB", new IDBFactory());
  install("localStorage", new Window({ url: "https://chat.example.com" }).localStorage);

  for (const [kind, outboxOf] of [
    ["indexedDbOutbox", indexedDbOutbox],
    ["localStorageOutbox", localStorageOutbox],
  ] as const) {
    describe(kind, () => {
      let chat: MemoryChat;
      let withLock: WithLock;
      let outbox: OutboxStore;
      const sessions: Session[] = [];
      beforeEach(() => {
        chat = new MemoryChat();
        withLock = tabLocks();
        outbox = outboxOf(`outbox ${Math.random()}`);
      });
      afterEach(async () => {
        for (const session of sessions.splice(0)) await session.close();
      });

      /** A session of a tab. */
      const open = (channels = ["lobby"]): Session => {
        const session = chat.open({ outbox: outboxOf(outbox.name), channels, ports: { random: () => 0, withLock } });
        sessions.push(session);
        return session;
      };
      /** Waits until a session has sent all of its messages. */
      const sendsAll = async (session: Session): Promise<void> => {
        do await next(session, "pending");
        while (session.pending.length > 0);
      };
      const stored = (): string[] => chat.messages.map(({ data }) => data);
      const writeOffline = async (session: Session, texts: readonly string[], channel = "lobby"): Promise<void> => {
        for (const text of texts) session.send(channel, text).catch(() => undefined);
        while ((await outbox.load()).length < texts.length) await new Promise(setImmediate);
      };

      it("keeps messages that were written offline, and the next session sends them once and in order", async () => {
        chat.isRefusing = true;
        const first = open();
        await writeOffline(first, ["one", "two", "three"]);
        await first.close();
        chat.isRefusing = false;
        const second = open();
        const later = second.send("lobby", "four");
        await later;
        expect(stored()).to.deep.equal(["one", "two", "three", "four"]);
        expect(second.pending).to.deep.equal([]);
        expect(await outbox.load()).to.deep.equal([]);
      });

      it("keeps the reply and the mentions of a message", async () => {
        chat.isRefusing = true;
        const first = open();
        const options = { replyTo: "01M85X21JF1EDDXY0AX7YRAJ1S", mentions: ["ben"] };
        first.send("lobby", "hi @ben", options).catch(() => undefined);
        expect(first.pending[0]).to.deep.include(options);
        while ((await outbox.load()).length < 1) await new Promise(setImmediate);
        await first.close();
        chat.isRefusing = false;
        await sendsAll(open());
        expect(chat.messages[0]).to.deep.include({ data: "hi @ben", ...options });
      });

      it("does not send a message again whose acknowledgement was lost with the page", async () => {
        const first = open();
        await reaches(first, "online");
        // The chat stores the message, and the page is gone before the answer.
        chat.script = ({ message }) => {
          if (message !== "sendmessage") return undefined;
          chat.script = () => undefined;
          chat.answer(chat.frames.at(-1) as never);
          void first.close();
          return [];
        };
        await first.send("lobby", "hi").catch(() => undefined);
        expect(await outbox.load()).to.have.length(1);
        chat.frames.length = 0;
        const second = open();
        await sendsAll(second);
        expect(stored()).to.deep.equal(["hi"]);
        expect(chat.frames.map(({ message }) => message)).not.to.include("sendmessage");
        expect(await outbox.load()).to.deep.equal([]);
      });

      it("sends a message with the same id if the history does not have it", async () => {
        const first = open();
        await reaches(first, "online");
        chat.script = ({ message }) => {
          if (message === "sendmessage") void first.close();
          return message === "sendmessage" ? [] : undefined;
        };
        await first.send("lobby", "hi").catch(() => undefined);
        const [entry] = await outbox.load();
        chat.script = () => undefined;
        await sendsAll(open());
        expect(chat.messages.map(({ clientMessageId }) => clientMessageId)).to.deep.equal([entry?.id]);
      });

      it("removes a message that is refused", async () => {
        chat.script = ({ message: request, id }) =>
          request === "sendmessage" ? [{ type: "error", code: "muted", detail: "No.", request, id }] : undefined;
        const session = open();
        const error = await session.send("lobby", "hi").catch((fault: unknown) => fault);
        expect(error).to.have.property("code", "muted");
        expect(await outbox.load()).to.deep.equal([]);
      });

      it("waits with a message until its channel is joined", async () => {
        chat.isRefusing = true;
        const first = open(["ops"]);
        await writeOffline(first, ["hi"], "ops");
        await first.close();
        chat.isRefusing = false;
        const second = open(["lobby"]);
        await reaches(second, "online");
        while (second.pending.length === 0) await next(second, "pending");
        expect(stored()).to.deep.equal([]);
        const all = sendsAll(second);
        await second.join("ops");
        await all;
        expect(chat.messages.map(({ channel }) => channel)).to.deep.equal(["ops"]);
      });

      it("lets each of two tabs send its own messages, and another tab those of a tab that was closed", async () => {
        chat.isRefusing = true;
        const [first, second] = [open(), open()];
        await writeOffline(first, ["first"]);
        await writeOffline(second, ["second"]);
        while ((await outbox.load()).length < 2) await new Promise(setImmediate);
        const third = open();
        await writeOffline(third, ["third"]);
        while ((await outbox.load()).length < 3) await new Promise(setImmediate);
        await second.close();
        const fourth = open();
        await next(fourth, "pending");
        const pending = [first, third, fourth].map((session) => session.pending.map(({ data }) => data));
        expect(pending).to.deep.equal([["first"], ["third"], ["second"]]);
        chat.isRefusing = false;
        await Promise.all([first, third, fourth].map(sendsAll));
        expect(stored()).to.have.members(["first", "second", "third"]);
      });
    });
  }

  it("reports an outbox that cannot be used, and sends the message", async () => {
    const fault = new Error("The quota is exceeded.");
    const chat = new MemoryChat();
    const fail = () => Promise.reject(fault);
    const session = chat.open({ outbox: { name: "broken", load: fail, put: fail, delete: fail } });
    const error = next(session, "error");
    await session.send("lobby", "hi");
    expect(await error).to.include({ code: "outbox-failed", cause: fault });
    expect(chat.messages).to.have.length(1);
    await session.close();
  });
});
