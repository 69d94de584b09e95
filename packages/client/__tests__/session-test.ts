import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { expect } from "chai";
import { ChatError, SignInRequiredError } from "../src/chat-error.ts";
import type { Address } from "../src/connection.ts";
import { createSession } from "../src/create-session.ts";
import type { ConnectionState } from "../src/events.ts";
import type { NetworkChange } from "../src/ports.ts";
import type { Session } from "../src/session.ts";
import type { SessionOptions } from "../src/session-options.ts";
import { MemoryChat, next, reaches } from "./support/memory-chat.ts";

const errorOf = (request: Promise<unknown>): Promise<ChatError> =>
  request.then(
    () => {
      throw new Error("The request was not rejected.");
    },
    (error: ChatError) => error,
  );

describe("packages/client/session", () => {
  let chat: MemoryChat;
  const sessions: Session[] = [];
  beforeEach(() => {
    chat = new MemoryChat();
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
  });
  const open = (...options: Parameters<MemoryChat["open"]>): Session => {
    const session = chat.open(...options);
    sessions.push(session);
    return session;
  };

  it("does not start without a function `connect`", () => {
    for (const options of [undefined, {}, { connect: "wss://chat.example.com/dev" }]) {
      const start = (): Session => createSession(options as unknown as SessionOptions);
      expect(start).to.throw(TypeError, "createSession requires the option `connect`");
    }
  });

  it("does not start with channels that are not a list of names", () => {
    for (const channels of ["lobby", [undefined]] as unknown as readonly string[][]) {
      expect(() => open({ channels })).to.throw(TypeError, "`channels` must be an array of strings");
    }
  });

  it("does not report the message of a publisher with the user's name as the user's own", async () => {
    const session = open();
    await reaches(session, "online");
    const received: boolean[] = [];
    session.on("message", ({ isOwn }) => received.push(isOwn));
    for (const publisher of [true, undefined] as const) {
      const message = next(session, "message");
      chat.post({ from: "anna", data: "hi", publisher });
      await message;
    }
    expect(received).to.deep.equal([false, true]);
  });

  describe("requests", () => {
    it("are rejected without a channel or a route, and are not sent: the chat would use the lobby", async () => {
      const session = open();
      await reaches(session, "online");
      chat.frames.length = 0;
      const missing = undefined as unknown as string;
      const requests = [
        session.send(missing, "hi"),
        session.join(missing),
        session.leave(missing),
        session.history(missing),
        session.members(missing),
        session.mute(missing, "ben", 60),
        session.request({ message: missing }),
      ];
      for (const request of requests) {
        const { code, message } = await errorOf(request);
        expect(code).to.equal("malformed-frame");
        expect(message).to.include("undefined");
      }
      expect(() => session.typing(missing)).to.throw(ChatError, '"channel"');
      await session.listChannels().catch(() => undefined);
      expect(chat.frames.map(({ message }) => message)).to.deep.equal(["channels"]);
      expect(session.channels).to.deep.equal(["lobby"]);
    });

    it("resolve with what the chat stored", async () => {
      const session = open();
      const message = await session.send("lobby", "hi");
      expect(message).to.include({ channel: "lobby", from: "anna", data: "hi", id: chat.messages[0]?.id });
      expect(message.at).to.equal(chat.messages[0]?.at);
      const { messages } = await session.history("lobby", { limit: 1 });
      expect(messages.map(({ data }) => data)).to.deep.equal(["hi"]);
      expect((await session.members("lobby")).members).to.deep.equal(["anna"]);
    });

    it("resolve with the reply and the mentions that were sent, and omit an empty list of mentions", async () => {
      const session = open();
      const options = { replyTo: "01M85X21JF1EDDXY0AX7YRAJ1S", mentions: ["ben"] };
      expect(await session.send("lobby", "hi @ben", options)).to.deep.include({ data: "hi @ben", ...options });
      expect(await session.send("lobby", "hi", { mentions: [] })).not.to.have.property("mentions");
      expect(chat.frames.at(-1)).not.to.have.property("mentions");
    });

    it("are sent as the frames of the protocol", async () => {
      const session = open();
      await reaches(session, "online");
      chat.frames.length = 0;
      await session.invite("~plans", "ben");
      await session.revoke("~plans", "ben");
      await session.kick("ben");
      await session.ban("ben", { seconds: 60 });
      await session.unban("ben");
      await session.mute("lobby", "ben", 60);
      await session.remove("lobby", "01ARYZ6S41TSV4RRFFQ69G5FAV");
      await session.direct("ben", "psst");
      await session.rename("anna");
      await session.leave("lobby");
      await session.request({ message: "github", data: "status" });
      const frames = chat.frames.map(({ id: _, ...frame }) => frame);
      expect(frames).to.deep.equal([
        { message: "invite", channel: "~plans", user: "ben" },
        { message: "invite", channel: "~plans", user: "ben", revoke: true },
        { message: "kick", user: "ben" },
        { message: "ban", user: "ben", seconds: 60 },
        { message: "unban", user: "ben" },
        { message: "mute", channel: "lobby", user: "ben", seconds: 60 },
        { message: "delete", channel: "lobby", target: "01ARYZ6S41TSV4RRFFQ69G5FAV" },
        { message: "direct", to: "ben", data: "psst" },
        { message: "name", data: "anna" },
        { message: "leave", channel: "lobby" },
        { message: "github", data: "status" },
      ]);
    });

    it("are rejected with the code and the detail of the chat", async () => {
      chat.script = ({ message: request, id }) =>
        request === "kick"
          ? [{ type: "error", code: "not-allowed", detail: "Ask a moderator.", request, id }]
          : undefined;
      const error = await errorOf(open().kick("ben"));
      expect(error).to.be.instanceOf(ChatError);
      expect(error).to.include({ code: "not-allowed", message: "Ask a moderator.", request: "kick" });
    });

    it("are rejected if the chat has no such route, which echoes the frame", async () => {
      chat.script = (frame) => (frame.message === "kick" ? [frame] : undefined);
      expect(await errorOf(open().kick("ben"))).to.include({ code: "unknown-route", request: "kick" });
    });
  });

  it("sends one `typing` in three seconds for each channel, and none without a connection", async () => {
    const clock = { now: 0 };
    const session = open({ channels: ["lobby", "ops"], ports: { random: () => 0, now: () => clock.now } });
    session.typing("lobby");
    await reaches(session, "online");
    clock.now = 5000;
    for (const channel of ["lobby", "lobby", "ops"]) session.typing(channel);
    clock.now = 8000;
    session.typing("lobby");
    await session.members("lobby");
    const channels = chat.frames.filter(({ message }) => message === "typing").map(({ channel }) => channel);
    expect(channels).to.deep.equal(["lobby", "ops", "lobby"]);
  });

  describe("messages", () => {
    it("iterates over the messages of a channel until the session ends", async () => {
      const session = open({ channels: ["lobby", "ops"] });
      const messages = session.messages({ channel: "ops" });
      await reaches(session, "online");
      for (const channel of ["ops", "lobby", "ops"]) chat.post({ channel, data: channel });
      const texts: string[] = [];
      for await (const { data } of messages) {
        texts.push(data);
        if (texts.length === 2) void session.close();
      }
      expect(texts).to.deep.equal(["ops", "ops"]);
    });

    it("ends if its signal is aborted, and if the loop is left", async () => {
      const session = open();
      const controller = new AbortController();
      const waiting = session.messages({ signal: controller.signal }).next();
      controller.abort();
      expect(await waiting).to.deep.equal({ done: true, value: undefined });
      await reaches(session, "online");
      const messages = session.messages();
      chat.post({ data: "one" });
      for await (const { data } of messages) {
        expect(data).to.equal("one");
        break;
      }
      expect(await messages.next()).to.include({ done: true });
    });

    it("fails once with the error of a session that ends by itself, after the messages before it", async () => {
      const session = open();
      await reaches(session, "online");
      const [early, waiting] = [session.messages(), session.messages()];
      chat.post({ data: "one" });
      expect((await waiting.next()).value).to.include({ data: "one" });
      const rejected = errorOf(waiting.next());
      chat.push({ type: "kicked", by: "mona" });
      expect(await rejected).to.include({ code: "kicked" });
      expect((await early.next()).value).to.include({ data: "one" });
      expect(await errorOf(early.next())).to.include({ code: "kicked" });
      expect(await early.next()).to.include({ done: true });
      expect(await errorOf(session.messages().next())).to.include({ code: "kicked" });
    });

    it("ends without an error if its own signal is aborted before the session ends by itself", async () => {
      const session = open();
      await reaches(session, "online");
      const controller = new AbortController();
      const messages = session.messages({ signal: controller.signal });
      controller.abort();
      chat.push({ type: "kicked", by: "mona" });
      await reaches(session, "ended");
      expect(await messages.next()).to.include({ done: true });
    });
  });

  describe("its end", () => {
    const endOf = async (session: Session): Promise<ChatError> => {
      const state = (await reaches(session, "ended")) as Extract<ConnectionState, { status: "ended" }>;
      return state.error;
    };

    it("comes when its signal is aborted, before or after the start", async () => {
      const controller = new AbortController();
      const session = open({ signal: controller.signal });
      await reaches(session, "online");
      controller.abort();
      expect(await endOf(session)).to.include({ code: "closed" });
      expect(await endOf(open({ signal: controller.signal }))).to.include({ code: "closed" });
    });

    it("comes when it is disposed", async () => {
      const session = open();
      await session[Symbol.asyncDispose]();
      expect(session.state.status).to.equal("ended");
    });

    it("comes if `connect` requires a sign-in, with its error as the cause", async () => {
      const cause = new SignInRequiredError("The refresh token has expired.");
      const error = await endOf(open({ connect: () => Promise.reject(cause) }));
      expect(error).to.include({ code: "sign-in-required", message: "The refresh token has expired." });
      expect(error.cause).to.equal(cause);
    });

    it("comes if `connect` throws an error that is final", async () => {
      const cause = Object.assign(new Error("The account is closed."), { final: true });
      expect(await endOf(open({ connect: () => Promise.reject(cause) }))).to.include({ code: "connect-failed" });
    });

    it("comes if `connect` returns no `url`, without another attempt", async () => {
      for (const address of [{}, { url: undefined }, undefined, null]) {
        const error = await endOf(open({ connect: () => address as unknown as Address }));
        expect(error).to.include({ code: "invalid-address" });
        expect(error.message).to.include("`connect`").and.include("`url`").and.include("undefined");
      }
    });

    it("comes if a moderator bans the user, and names the end of the ban", async () => {
      const session = open();
      await reaches(session, "online");
      chat.push({ type: "banned", by: "mona", until: "2026-01-02T12:00:00.000Z" });
      const error = await endOf(session);
      expect(error).to.include({ code: "banned" });
      expect(error.message).to.include("mona").and.include("2026-01-02T12:00:00.000Z");
    });
  });

  describe("handshakes that fail without a status", () => {
    it("end the session after five in a row, if the chat is reachable", async () => {
      chat.isRefusing = true;
      const asked: string[] = [];
      const isReachable = async (url: string): Promise<boolean> => asked.push(url) > 0;
      const session = open({ ports: { random: () => 0, isReachable } });
      const state = (await reaches(session, "ended")) as Extract<ConnectionState, { status: "ended" }>;
      expect(state.error).to.include({ code: "handshake-refused" });
      expect(chat.attempts).to.equal(5);
      expect(asked).to.deep.equal(["wss://chat.example.com/dev"]);
    });

    it("are retried while the chat is not reachable", async () => {
      chat.isRefusing = true;
      const isReachable = async (): Promise<boolean> => {
        chat.isRefusing = chat.attempts < 8;
        return false;
      };
      const session = open({ ports: { random: () => 0, isReachable } });
      await reaches(session, "online");
      expect(chat.attempts).to.equal(9);
    });
  });

  describe("the network of the device", () => {
    let isOffline: boolean;
    let listener: (change: NetworkChange) => void;
    let clock: ManualClock;
    const openOnDevice = (url = "wss://chat.example.com/dev"): Session => {
      const onNetworkChange = (own: typeof listener) => {
        listener = own;
        return () => {
          listener = () => undefined;
        };
      };
      const ports = { random: () => 0.5, after: clock.after, isOffline: () => isOffline, onNetworkChange };
      return open({ connect: () => ({ url }), ports });
    };
    const change = (to: NetworkChange): void => {
      if (to !== "visible") isOffline = to === "offline";
      listener(to);
    };
    beforeEach(() => {
      isOffline = false;
      clock = new ManualClock();
    });

    it("drops the connection when it is lost, and connects again when it is back, without a timer", async () => {
      const session = openOnDevice();
      await reaches(session, "online");
      const lost = next(session, "state");
      change("offline");
      expect(await lost).to.deep.equal({
        status: "offline",
        reason: "the device is offline",
        retryMilliseconds: undefined,
      });
      clock.advance(3_600_000);
      expect(chat.attempts).to.equal(1);
      change("online");
      await reaches(session, "online");
      expect(chat.attempts).to.equal(2);
    });

    it("cuts the wait for the next attempt short when it is back, and when the page becomes visible", async () => {
      const session = openOnDevice();
      for (const reason of ["online", "visible"] as const) {
        await reaches(session, "online");
        chat.cut();
        expect(await reaches(session, "offline")).to.include({ retryMilliseconds: 500 });
        change(reason);
      }
      await reaches(session, "online");
      expect(chat.attempts).to.equal(3);
    });

    it("makes the session check its connection when the page becomes visible", async () => {
      const session = openOnDevice();
      await reaches(session, "online");
      chat.frames.length = 0;
      change("visible");
      await session.members("lobby");
      expect(chat.frames.map(({ message }) => message)).to.deep.equal(["history", "members"]);
    });

    it("does not matter to a chat on the same machine", async () => {
      const session = openOnDevice("ws://127.0.0.1:3001/dev");
      await reaches(session, "online");
      change("offline");
      await session.members("lobby");
      chat.cut();
      expect(await reaches(session, "offline")).to.include({ retryMilliseconds: 500 });
    });
  });
});
