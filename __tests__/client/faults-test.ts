import { once } from "node:events";
import { type Address, ChatError, createSession, type Message } from "@serverless-chat/client";
import { expect } from "chai";
import { encodeTime } from "ulid";
import type { WebSocket } from "ws";
import { type Identified, type Script, type ScriptedChat, startScriptedChat } from "../support/scripted-chat.ts";
import {
  openSession,
  outcomeOf,
  type RecordedOptions,
  type RecordedSession,
  startSession,
} from "../support/session.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const HASTY: RecordedOptions = { ports: { random: () => 0 } };

const message = (seconds: number): Message => ({
  type: "message",
  channel: "lobby",
  id: encodeTime(NOON + seconds * 1000) + "0".repeat(16),
  from: "guest-2",
  data: String(seconds),
  at: new Date(NOON + seconds * 1000).toISOString(),
});
/** The code of the error that a message is rejected with; "sent" if it is sent. */
const send = async ({ session }: RecordedSession, data: string): Promise<string> => {
  const outcome = await outcomeOf(session.send("lobby", data));
  return outcome instanceof ChatError ? outcome.code : "sent";
};
const page = ({ id }: Identified, ...messages: Message[]) => ({ type: "history", id, channel: "lobby", messages });
const internal = ({ message: request, id }: Identified) => ({
  type: "error",
  code: "internal",
  detail: "The table is down.",
  request,
  id,
});

describe("packages/client, when something fails", () => {
  let chat: ScriptedChat;
  const closers: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    chat = await startScriptedChat();
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await chat.stop();
  });
  const begin = (own: RecordedOptions = {}): RecordedSession => {
    const recorded = startSession({ url: chat.url, ...HASTY, ...own });
    closers.push(() => recorded.session.close());
    return recorded;
  };
  const open = async (own: RecordedOptions = {}): Promise<RecordedSession> => {
    const recorded = await openSession({ url: chat.url, ...HASTY, ...own });
    closers.push(() => recorded.session.close());
    return recorded;
  };
  const textsOf = (user: RecordedSession): string[] => user.messages("lobby").map(({ data }) => data);
  const waitsOf = (user: RecordedSession) => user.states("offline").map(({ retryMilliseconds }) => retryMilliseconds);

  describe("a message that is too long", () => {
    it("is refused without being sent, by the length of the text and by the length of the frame", async () => {
      const { session } = await open();
      const texts = ["x".repeat(16_385), '"'.repeat(16_384), "short"];
      const outcomes = await Promise.all(texts.map((text) => outcomeOf(session.send("lobby", text))));
      for (const outcome of outcomes.slice(0, 2)) expect(outcome).to.have.property("code", "data-too-long");
      expect(outcomes[0]).to.have.property("message").that.includes("16385 bytes").and.includes("16384");
      expect(outcomes[1]).to.have.property("message").that.includes("32768 bytes");
      expect(outcomes[2]).to.have.property("data", "short");
      expect(chat.frames.map((frame) => frame.message === "sendmessage" && frame.data)).to.deep.equal(["short"]);
    });

    it("settles when the connection is closed with 1009, and does not block the next message", async () => {
      chat.script = (frame, socket) => {
        if (frame.message !== "sendmessage" || frame.data !== "poison") return undefined;
        socket.close(1009);
        return [];
      };
      const user = await open();
      const outcomes = await Promise.all(["poison", "next"].map((text) => send(user, text)));
      expect(outcomes).to.deep.equal(["data-too-long", "sent"]);
      expect(user.states("offline")).to.have.length(1);
    });
  });

  it("waits longer after each short connection", async () => {
    const user = begin({ ports: { random: () => 0.001 } });
    for (let cuts = 1; cuts <= 4; cuts += 1) {
      await user.until(() => user.states("online").length === cuts);
      chat.cut();
      await user.until(() => user.states("offline").length === cuts);
    }
    expect(waitsOf(user)).to.deep.equal([1, 2, 4, 8]);
  });

  it("starts again with the shortest wait after a long connection", async () => {
    const due: (() => void)[] = [];
    const STEADY = 77_777;
    const after = (milliseconds: number, act: () => void) => {
      if (milliseconds === STEADY) due.push(act);
      const timer = setTimeout(act, milliseconds);
      return () => clearTimeout(timer);
    };
    const user = begin({ ports: { after, random: () => 0.001 }, timing: { steady: STEADY } });
    for (let cuts = 1; cuts <= 3; cuts += 1) {
      await user.until(() => user.states("online").length === cuts);
      if (cuts === 3) due.at(-1)?.();
      chat.cut();
      await user.until(() => user.states("offline").length === cuts);
    }
    expect(waitsOf(user)).to.deep.equal([1, 2, 1]);
  });

  it("renews a connection between two requests, before API Gateway closes it", async () => {
    const user = await open({ timing: { renew: 40 } });
    const sent = send(user, "hello");
    const { reason } = await user.nextState("offline");
    expect(reason).to.equal("the connection is renewed before API Gateway closes it");
    expect(await sent).to.equal("sent");
    await user.until(() => user.states("online").length === 2);
  });

  describe("a history that cannot be read", () => {
    it("is reported, and is later read from the same position", async () => {
      chat.script = (frame) => (frame.message === "history" ? [page(frame, message(0))] : undefined);
      const user = await open({ timing: { settle: 0 } });
      chat.script = (frame) => (frame.message === "history" ? [internal(frame)] : undefined);
      chat.cut();
      await user.until(() => user.states("offline").length === 2);
      expect(user.states("offline")[1]).to.include({ reason: 'the chat cannot answer "history": The table is down.' });
      expect(user.states("online")).to.have.length(1);
      // An hour passes meanwhile, and a message comes live.
      chat.script = (frame) => {
        if (frame.message !== "history") return undefined;
        return [page(frame, message(0), message(1), message(3600))];
      };
      await user.until(() => textsOf(user).length === 2);
      expect(textsOf(user)).to.deep.equal(["1", "3600"]);
    });

    it("ends the membership if the user may not read it", async () => {
      chat.script = (frame) =>
        frame.message === "history" ? [{ ...internal(frame), code: "not-a-member" }] : undefined;
      const user = await open();
      expect(user.session.channels).to.deep.equal([]);
      expect(user.of("error").map(({ request, code }) => [request, code])).to.deep.equal([["history", "not-a-member"]]);
    });
  });

  it("reports a message once that is in the first page and is also pushed", async () => {
    chat.script = (frame) => (frame.message === "history" ? [page(frame, message(1), message(2))] : undefined);
    const user = await open({ timing: { settle: 0 } });
    chat.push(message(2));
    chat.push(message(3));
    await user.until(() => textsOf(user).includes("3"));
    expect(textsOf(user)).to.deep.equal(["1", "2", "3"]);
  });

  describe("a message whose reply was lost", () => {
    /** Loses the first attempt. The user is a guest with another name on each connection, unless a name is given. */
    const reconnecting = (stored: (sent: Identified) => Partial<Message>, name?: string) => {
      let sent: Identified | undefined;
      let joins = 0;
      const past = (): Message[] => (sent ? [{ ...message(1), ...stored(sent) }] : []);
      const join = (id: string): object => {
        joins += 1;
        return { type: "ack", request: "join", id, user: name ?? `guest-${joins}`, at: message(0).at };
      };
      const lose = (frame: Identified, socket: WebSocket): object[] | undefined => {
        if (sent) return undefined;
        sent = frame;
        socket.terminate();
        return [];
      };
      chat.script = (frame, socket) => {
        if (frame.message === "join") return [join(frame.id)];
        return frame.message === "history" ? [page(frame, ...past())] : lose(frame, socket);
      };
    };
    const attempts = () => chat.frames.filter((frame) => frame.message === "sendmessage").length;

    it("is recognized by its id, and not sent again", async () => {
      reconnecting(({ id }) => ({ data: "yes", from: "guest-1", clientMessageId: id }));
      const user = await open();
      expect(await user.session.send("lobby", "yes")).to.include({ id: message(1).id });
      expect(attempts()).to.equal(1);
      await user.until(() => textsOf(user).length === 1);
      expect(user.messages("lobby")[0]).to.include({ isOwn: true });
    });

    it("is sent again by a user with the same name, so that the chat completes its delivery", async () => {
      reconnecting(({ id }) => ({ data: "yes", from: "anna", clientMessageId: id }), "anna");
      const user = await open();
      expect(await send(user, "yes")).to.equal("sent");
      expect(attempts()).to.equal(2);
    });

    it("is not sent again after five minutes, because the chat may not recognize it", async () => {
      let asked = 0;
      const now = (): number => (asked++ === 0 ? 0 : 5 * 60_000);
      reconnecting(({ id }) => ({ data: "yes", from: "anna", clientMessageId: id }), "anna");
      const user = await open({ ports: { random: () => 0, now } });
      expect(await user.session.send("lobby", "yes")).to.include({ id: message(1).id });
      expect(attempts()).to.equal(1);
    });

    it("is sent again although another guest has sent the same text", async () => {
      reconnecting(() => ({ data: "yes", from: "guest-9", clientMessageId: "another" }));
      const user = await open();
      expect(await send(user, "yes")).to.equal("sent");
      expect(attempts()).to.equal(2);
      expect(user.messages("lobby")[0]).to.include({ isOwn: false });
    });
  });

  it("learns the name of a guest from the reply to its join", async () => {
    const user = await open();
    expect(user.session.user).to.equal("guest-1");
    expect(user.of("user")).to.deep.equal(["guest-1"]);
  });

  it("learns the name of a guest without channels from the reply to its leave of the lobby", async () => {
    chat.script = (frame) =>
      frame.message === "leave" ? [{ type: "ack", request: "leave", id: frame.id, user: "guest-7" }] : undefined;
    const user = await open({ channels: [] });
    expect(user.session.user).to.equal("guest-7");
  });

  it("reports a message that was sent after the first of two acknowledged joins, although its push was lost", async () => {
    let joins = 0;
    chat.script = (frame, socket) => {
      if (frame.message === "join") {
        joins += 1;
        return [{ type: "ack", request: "join", id: frame.id, user: "guest-1", at: message(2 * joins).at }];
      }
      if (frame.message !== "history") return undefined;
      if (joins > 1) return [page(frame, message(1), message(3), message(5))];
      socket.terminate();
      return [];
    };
    const user = await open();
    expect(textsOf(user)).to.deep.equal(["3", "5"]);
  });

  it("holds back what is pushed on a new connection until it has read the history from before", async () => {
    let names = 0;
    const answerName = ({ id }: Identified, socket: WebSocket): object[] => {
      names += 1;
      const ack = { type: "ack", request: "name", id, user: "anna" };
      if (names === 1) return [ack];
      // Later than the message settles.
      setTimeout(() => socket.send(JSON.stringify(ack)), 50);
      return [message(5)];
    };
    const answers: Readonly<Record<string, Script>> = {
      name: answerName,
      join: ({ id }) => [{ type: "ack", request: "join", id, user: "anna", at: message(1).at }],
      history: (frame) => [page(frame, ...(names > 1 ? [message(3), message(5)] : []))],
    };
    chat.script = (frame, socket) => answers[frame.message]?.(frame, socket);
    const user = await open({ name: "anna", timing: { settle: 1 } });
    chat.cut();
    await user.until(() => textsOf(user).length === 2);
    expect(textsOf(user)).to.deep.equal(["3", "5"]);
  });

  it("reconnects if the reply to a join has no time, and reports why", async () => {
    chat.script = (frame) => (frame.message === "join" ? [{ type: "ack", request: "join", id: frame.id }] : undefined);
    const { reason } = await begin().nextState("offline");
    expect(reason).to.equal('the reply to "join" has no "at": the chat is older than this client');
  });

  describe("the address", () => {
    it("is requested for every connection, and so are the subprotocols", async () => {
      let calls = 0;
      const connect = async () => {
        calls += 1;
        return { url: `${chat.url}?token=${calls}`, protocols: [`bearer.${calls}`] };
      };
      const user = await open({ connect });
      chat.cut();
      await user.nextState("online");
      expect(chat.handshakes).to.deep.equal([
        { offered: ["chat.v1", "bearer.1"], path: "/dev?token=1" },
        { offered: ["chat.v1", "bearer.2"], path: "/dev?token=2" },
      ]);
    });

    it("is requested again after `connect` failed or did not settle", async () => {
      const outcomes = [
        () => Promise.reject(new Error("The issuer is down.")),
        () => new Promise<never>(() => undefined),
        async () => ({ url: chat.url }),
      ];
      const connect = () => (outcomes.shift() as () => Promise<Address>)();
      const user = await open({ connect, timing: { answer: 50 } });
      expect(user.states("offline").map(({ reason }) => reason)).to.deep.equal([
        "cannot get the URL: The issuer is down.",
        "cannot get the URL: `connect` did not settle within 0.05 seconds",
      ]);
    });

    for (const [status, code] of [
      [401, "unauthorized"],
      [403, "forbidden"],
    ] as const) {
      it(`is final when the handshake is refused with ${status}: every request is rejected with the reason`, async () => {
        const user = await open();
        chat.refuseWith = status;
        chat.cut();
        const early = send(user, "early");
        const { error } = await user.nextState("ended");
        expect(error).to.have.property("code", code);
        expect([await early, await send(user, "late")]).to.deep.equal([code, code]);
        expect(await outcomeOf(user.session.members("lobby"))).to.equal(error);
        expect(chat.handshakes).to.have.length(2);
      });
    }

    it("is retried when the handshake is refused with 429", async () => {
      chat.refuseWith = 429;
      const user = begin();
      await user.nextState("offline");
      chat.refuseWith = undefined;
      await user.nextState("online");
    });

    it("is final when a subprotocol is invalid, and states what is allowed", async () => {
      const user = begin({ connect: () => ({ url: chat.url, protocols: ["bearer.not a token"] }) });
      const error = await outcomeOf(user.session.send("lobby", "hello?"));
      expect(error).to.have.property("code", "invalid-address");
      expect(error).to.have.property("message").that.includes("a subprotocol cannot contain spaces");
    });

    it("is final when it is not the URL of a WebSocket", async () => {
      const user = begin({ url: "nonsense" });
      expect(await send(user, "hello?")).to.equal("invalid-address");
    });

    it("is ignored if the session was closed before `connect` settles, and its signal is aborted", async () => {
      let give: (address: { url: string }) => void = () => undefined;
      let isAborted = false;
      const connect = ({ signal }: { readonly signal: AbortSignal }) =>
        new Promise<Address>((resolve) => {
          give = resolve;
          signal.addEventListener("abort", () => {
            isAborted = true;
          });
        });
      const user = begin({ connect });
      const sent = send(user, "hello?");
      await Promise.resolve();
      await user.session.close();
      give({ url: chat.url });
      expect([await sent, isAborted]).to.deep.equal(["closed", true]);
      expect(chat.handshakes).to.deep.equal([]);
    });
  });

  it("continues after an exception of a listener, which is reported as uncaught", async () => {
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    const reported = once(process, "uncaughtException");
    const fault = new Error("The application broke.");
    const session = createSession({ connect: () => ({ url: chat.url }), channels: [] });
    session.on("user", () => {
      throw fault;
    });
    closers.push(() => session.close());
    process.on("uncaughtException", () => undefined);
    await session.rename("anna");
    expect(await reported).to.include(fault);
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  });
});
