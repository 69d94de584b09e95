import { once } from "node:events";
import { expect } from "chai";
import { encodeTime } from "ulid";
import type { WebSocket } from "ws";
import type { Identified, Request } from "../../client/frames.ts";
import type { Message } from "../../client/message-feed.ts";
import { realPorts } from "../../client/real-ports.ts";
import { Session, type SessionOptions } from "../../client/session.ts";
import { type ScriptedChat, startScriptedChat } from "../support/scripted-chat.ts";
import { startSession, type Told } from "../support/session.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const HASTY: Partial<SessionOptions> = { ports: { ...realPorts, random: () => 0 } };

const message = (seconds: number): Message => ({
  type: "message",
  channel: "lobby",
  id: encodeTime(NOON + seconds * 1000) + "0".repeat(16),
  from: "guest-2",
  data: String(seconds),
  at: new Date(NOON + seconds * 1000).toISOString(),
});
const say = (data: string): Request => ({ message: "sendmessage", channel: "lobby", data });
const page = ({ id }: Identified, ...messages: Message[]) => ({ type: "history", id, channel: "lobby", messages });
const internal = ({ message: request, id }: Identified) => ({
  type: "error",
  code: "internal",
  detail: "The table is down.",
  request,
  id,
});

describe("client/session, when something fails", () => {
  let chat: ScriptedChat;
  const closers: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    chat = await startScriptedChat();
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await chat.stop();
  });
  const begin = (own: Partial<SessionOptions> = {}): Told => {
    const told = startSession({ url: chat.url, ...HASTY, ...own });
    closers.push(() => told.session.close());
    return told;
  };
  const open = async (own: Partial<SessionOptions> = {}): Promise<Told> => {
    const told = begin(own);
    await told.next("online");
    return told;
  };
  const textsOf = (user: Told): string[] => user.said("lobby").map(({ data }) => data);
  const offlines = ({ events }: Told) => events.filter((event) => event.type === "offline");

  describe("a message that is too long", () => {
    it("is refused without being sent, by the length of the text and by the length of the frame", async () => {
      const { session } = await open();
      const texts = ["x".repeat(16_385), '"'.repeat(16_384)];
      const answers = await Promise.all([...texts, "short"].map((data) => session.ask(say(data))));
      expect(answers.map((answer) => ("code" in answer ? answer.code : answer.type))).to.deep.equal([
        "data-too-long",
        "data-too-long",
        "ack",
      ]);
      expect(answers[0]).to.have.property("detail").that.includes("16385 bytes").and.includes("16384");
      expect(answers[1]).to.have.property("detail").that.includes("32768 bytes");
      expect(chat.frames.map((frame) => frame.message === "sendmessage" && frame.data)).to.deep.equal(["short"]);
    });

    it("settles when the connection is closed with 1009, and does not block the next one", async () => {
      chat.script = (frame, socket) => {
        if (frame.message !== "sendmessage" || frame.data !== "poison") return undefined;
        socket.close(1009);
        return [];
      };
      const user = await open();
      const answers = await Promise.all(["poison", "next"].map((data) => user.session.ask(say(data))));
      expect(answers.map((answer) => ("code" in answer ? answer.code : answer.type))).to.deep.equal([
        "data-too-long",
        "ack",
      ]);
      expect(offlines(user)).to.have.length(1);
    });
  });

  it("waits longer after each connection that did not last", async () => {
    const user = begin({ ports: { ...realPorts, random: () => 0.001 } });
    for (let cuts = 1; cuts <= 4; cuts += 1) {
      await user.until(() => user.events.filter(({ type }) => type === "online").length === cuts);
      chat.cut();
      await user.until(() => offlines(user).length === cuts);
    }
    const waits = offlines(user).map(({ retryMilliseconds }) => retryMilliseconds);
    expect(waits).to.deep.equal([1, 2, 4, 8]);
  });

  it("begins again with the shortest wait after a connection that lasted", async () => {
    const due: (() => void)[] = [];
    const STEADY = 77_777;
    const after = (milliseconds: number, act: () => void) => {
      if (milliseconds === STEADY) due.push(act);
      return realPorts.after(milliseconds, act);
    };
    const user = begin({ ports: { ...realPorts, after, random: () => 0.001 }, timing: { steady: STEADY } });
    for (let cuts = 1; cuts <= 3; cuts += 1) {
      await user.until(() => user.events.filter(({ type }) => type === "online").length === cuts);
      if (cuts === 3) due.at(-1)?.();
      chat.cut();
      await user.until(() => offlines(user).length === cuts);
    }
    const waits = offlines(user).map(({ retryMilliseconds }) => retryMilliseconds);
    expect(waits).to.deep.equal([1, 2, 1]);
  });

  it("renews a connection between two requests, before API Gateway closes it", async () => {
    const user = await open({ timing: { renew: 40 } });
    const answer = user.session.ask(say("hello"));
    const { reason } = await user.next("offline");
    expect(reason).to.equal("the connection is renewed before API Gateway closes it");
    expect(await answer).to.include({ type: "ack" });
    await user.next("online");
  });

  describe("a history that cannot be read", () => {
    it("is reported, and is read from the same place once it can be", async () => {
      chat.script = (frame) => (frame.message === "history" ? [page(frame, message(0))] : undefined);
      const user = await open({ timing: { settle: 0 } });
      chat.script = (frame) => (frame.message === "history" ? [internal(frame)] : undefined);
      chat.cut();
      await user.until(() => offlines(user).length === 2);
      expect(offlines(user)[1]).to.include({ reason: 'the chat cannot answer "history": The table is down.' });
      expect(user.events.filter(({ type }) => type === "online")).to.have.length(1);
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
      const refusals = user.events.filter((event) => event.type === "refused");
      expect(refusals.map(({ error }) => [error.request, error.code])).to.deep.equal([["history", "not-a-member"]]);
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

  describe("a message whose answer was lost", () => {
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
      expect(await user.session.ask(say("yes"))).to.include({ type: "ack", message: message(1).id });
      expect(attempts()).to.equal(1);
      await user.until(() => textsOf(user).length === 1);
      expect(user.events.find((event) => event.type === "said")).to.include({ isOwn: true });
    });

    it("is sent again by a user with the same name, so that the chat completes its delivery", async () => {
      reconnecting(({ id }) => ({ data: "yes", from: "anna", clientMessageId: id }), "anna");
      const user = await open();
      expect(await user.session.ask(say("yes"))).to.include({ type: "ack" });
      expect(attempts()).to.equal(2);
    });

    it("is not sent again after five minutes, because the chat may not recognize it", async () => {
      let asked = 0;
      const now = (): number => (asked++ === 0 ? 0 : 5 * 60_000);
      reconnecting(({ id }) => ({ data: "yes", from: "anna", clientMessageId: id }), "anna");
      const user = await open({ ports: { ...realPorts, random: () => 0, now } });
      expect(await user.session.ask(say("yes"))).to.include({ type: "ack", message: message(1).id });
      expect(attempts()).to.equal(1);
    });

    it("is sent again although another guest has sent the same text", async () => {
      reconnecting(() => ({ data: "yes", from: "guest-9", clientMessageId: "another" }));
      const user = await open();
      expect(await user.session.ask(say("yes"))).to.include({ type: "ack" });
      expect(attempts()).to.equal(2);
      expect(user.events.find((event) => event.type === "said")).to.include({ isOwn: false });
    });
  });

  it("learns the name of a guest from the answer to its join", async () => {
    const user = await open();
    expect(user.session.user).to.equal("guest-1");
    expect(user.events).to.deep.include({ type: "called", user: "guest-1" });
  });

  it("learns the name of a guest without channels from the answer to its leave of the lobby", async () => {
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

  it("reconnects if the answer to a join has no time, and says why", async () => {
    chat.script = (frame) => (frame.message === "join" ? [{ type: "ack", request: "join", id: frame.id }] : undefined);
    const { reason } = await begin().next("offline");
    expect(reason).to.equal('the answer to "join" has no "at": the chat is older than this client');
  });

  describe("the address", () => {
    it("is asked for at every connection, and so are the subprotocols", async () => {
      let calls = 0;
      const url = async () => {
        calls += 1;
        return { url: `${chat.url}?token=${calls}`, subprotocols: [`bearer.${calls}`] };
      };
      const user = await open({ url });
      chat.cut();
      await user.next("online");
      expect(chat.handshakes).to.deep.equal([
        { offered: ["chat.v1", "bearer.1"], path: "/dev?token=1" },
        { offered: ["chat.v1", "bearer.2"], path: "/dev?token=2" },
      ]);
    });

    it("is asked for again after the provider failed, returned nothing or did not answer", async () => {
      const outcomes = [
        () => Promise.reject(new Error("The issuer is down.")),
        async () => undefined as never,
        () => new Promise<never>(() => undefined),
        async () => ({ url: chat.url }),
      ];
      const url = () => (outcomes.shift() as () => Promise<{ url: string }>)();
      const user = await open({ url, timing: { answer: 50 } });
      expect(offlines(user).map(({ reason }) => reason)).to.deep.equal([
        "the address is unknown: The issuer is down.",
        "the address is unknown: the provider did not return a url",
        "the address is unknown: nothing came for 0.05 seconds",
      ]);
    });

    for (const [status, code] of [
      [401, "unauthorized"],
      [403, "forbidden"],
    ] as const) {
      it(`is final when the handshake is refused with ${status}: every request settles with the reason`, async () => {
        const user = await open();
        chat.refuseWith = status;
        chat.cut();
        const early = user.session.ask(say("early"));
        const ended = await user.next("ended");
        expect(ended).to.include({ code });
        expect(await early).to.include({ type: "unanswered", code, detail: ended.detail });
        expect(await user.session.ask(say("late"))).to.include({ type: "unanswered", code });
        expect(chat.handshakes).to.have.length(2);
      });
    }

    it("is retried when the handshake is refused with 429", async () => {
      chat.refuseWith = 429;
      const user = begin();
      await user.next("offline");
      chat.refuseWith = undefined;
      await user.next("online");
    });

    it("is final when a subprotocol is invalid, and says what is allowed", async () => {
      const user = begin({ url: async () => ({ url: chat.url, subprotocols: ["bearer.not a token"] }) });
      const answer = await user.session.ask(say("hello?"));
      expect(answer).to.include({ type: "unanswered", code: "invalid-address" });
      expect(answer).to.have.property("detail").that.includes("a subprotocol cannot contain spaces");
    });

    it("is final when it is no URL of a WebSocket", async () => {
      const user = begin({ url: "nonsense" });
      expect(await user.session.ask(say("hello?"))).to.include({ type: "unanswered", code: "invalid-address" });
    });

    it("is not connected to when the session was closed meanwhile", async () => {
      let give: (address: { url: string }) => void = () => undefined;
      const url = () =>
        new Promise<{ url: string }>((resolve) => {
          give = resolve;
        });
      const user = begin({ url });
      const asked = user.session.ask(say("hello?"));
      await user.session.close();
      give({ url: chat.url });
      expect(await asked).to.include({ type: "unanswered", code: "closed" });
      expect(chat.handshakes).to.deep.equal([]);
    });
  });

  it("goes on after an exception of the application, which is reported as uncaught", async () => {
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    const reported = once(process, "uncaughtException");
    const fault = new Error("The application broke.");
    const tell = (): void => {
      throw fault;
    };
    const session = new Session({ url: chat.url, channels: [], tell, ports: realPorts });
    closers.push(() => session.close());
    process.on("uncaughtException", () => undefined);
    expect(await session.ask({ message: "channels" })).to.include({ request: "channels" });
    expect(await reported).to.include(fault);
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  });
});
