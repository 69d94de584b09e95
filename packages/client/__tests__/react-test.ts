import { expect } from "chai";
import { GlobalWindow } from "happy-dom";
import type { Session } from "../src/session.ts";
import { MemoryChat, reaches } from "./support/memory-chat.ts";

/* React and the testing library read the document when they are loaded, so they are loaded after it exists. */
type React = typeof import("react");
type TestingLibrary = typeof import("@testing-library/react");
type Hooks = typeof import("../src/react.ts");

const GLOBALS = [
  "window",
  "navigator",
  "document",
  "HTMLElement",
  "Element",
  "Node",
  "MutationObserver",
  "getComputedStyle",
] as const;

describe("packages/client/react", () => {
  const descriptors = new Map<string, PropertyDescriptor | undefined>();
  let window: GlobalWindow;
  let react: React;
  let library: TestingLibrary;
  let hooks: Hooks;
  let chat: MemoryChat;
  let session: Session;
  before(async () => {
    window = new GlobalWindow();
    for (const name of GLOBALS) {
      descriptors.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
    }
    react = await import("react");
    library = await import("@testing-library/react");
    hooks = await import("../src/react.ts");
  });
  after(async () => {
    for (const [name, descriptor] of descriptors) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
    await window.happyDOM.close();
  });
  beforeEach(() => {
    chat = new MemoryChat();
    session = chat.open();
  });
  afterEach(async () => {
    library.cleanup();
    await session.close();
  });

  /** Renders a component with the session. */
  const render = (component: () => string): void => {
    const { createElement, StrictMode } = react;
    const provider = createElement(hooks.SessionProvider, { session }, createElement(component));
    library.render(createElement(StrictMode, undefined, provider));
  };
  /** Waits until the page has a text. */
  const shows = (text: string): Promise<unknown> =>
    library.waitFor(() => {
      expect(window.document.body.textContent).to.equal(text);
    });
  /** Changes that re-render have to be wrapped. https://react.dev/reference/react/act */
  const act = (change: () => Promise<unknown> | undefined): Promise<void> =>
    library.act(async () => void (await change()));

  it("shows the state of the connection and the name of the user", async () => {
    render(() => `${hooks.useUser()} is ${hooks.useConnectionState().status}`);
    await shows("anna is online");
    await act(() => session.close());
    await shows("anna is ended");
  });

  it("fails without a provider, with an error that states what to do", () => {
    const element = react.createElement(() => hooks.useSession().state.status);
    expect(() => library.render(element)).to.throw("Render the component inside a <SessionProvider");
  });

  describe("useChannel", () => {
    const ID = "01M85X21JF1EDDXY0AX7YRAJ1S";
    let channel: import("../src/react.ts").Channel;
    const renderChannel = (name = "lobby", pageSize = 50): void =>
      render(() => {
        channel = hooks.useChannel(name, { pageSize });
        const texts = channel.messages.map(({ data, deleted }) => (deleted ? "(deleted)" : data));
        const pending = channel.pending.map(({ data, status }) => `${data} ${status}`);
        const typing = channel.typing.map((user) => `${user} is typing`);
        return [channel.status, ...texts, ...pending, ...typing].join(", ");
      });

    it("shows the latest messages, and new ones", async () => {
      await session.close();
      for (const data of ["one", "two", "three"]) chat.post({ data });
      session = chat.open();
      renderChannel("lobby", 2);
      await shows("ready, two, three");
      expect(channel.hasMore).to.equal(true);
      await act(async () => void chat.post({ data: "four" }));
      await shows("ready, two, three, four");
      await act(() => channel.loadMore());
      await shows("ready, one, two, three, four");
      expect(channel.hasMore).to.equal(false);
    });

    it("keeps the user's own reaction if another user reacts while earlier messages are being read", async () => {
      await session.close();
      const { id } = chat.post({ data: "one" });
      chat.post({ data: "two" });
      session = chat.open();
      renderChannel("lobby", 1);
      await shows("ready, two");
      const reactions = (revision: number) => ({ counts: [{ emoji: "👍", count: revision }], revision });
      const reacted = { type: "reacted", channel: "lobby", id, user: "ben", emoji: "👍", change: id } as const;
      chat.script = (frame) => {
        if (frame.message !== "history") return undefined;
        chat.push({ ...reacted, reactions: reactions(4) });
        const page = [{ ...chat.messages[0], reactions: { ...reactions(3), own: "👍" } }];
        return [{ type: "history", id: frame.id, channel: "lobby", messages: page }];
      };
      await act(() => channel.loadMore());
      await shows("ready, one, two");
      expect(channel.messages[0]?.reactions).to.deep.equal({ ...reactions(4), own: "👍" });
      await act(async () => chat.push({ ...reacted, reactions: reactions(5) }) as undefined);
      expect(channel.messages[0]?.reactions).to.deep.equal({ ...reactions(5), own: "👍" });
    });

    it("joins the channel", async () => {
      renderChannel("ops");
      await shows("ready");
      expect(session.channels).to.deep.equal(["lobby", "ops"]);
      await act(() => session.leave("ops"));
      await shows("left");
    });

    it("shows a message that is being sent, and again once it is stored", async () => {
      renderChannel();
      await shows("ready");
      await act(async () => {
        chat.isRefusing = true;
        chat.cut();
        channel.send("hi", { replyTo: ID, mentions: ["ben"] });
      });
      await shows("ready, hi queued");
      await act(async () => {
        chat.isRefusing = false;
        await reaches(session, "online");
      });
      await shows("ready, hi");
      expect(channel.messages[0]).to.deep.include({ replyTo: ID, mentions: ["ben"] });
    });

    it("shows a message that failed until it is discarded or sent again", async () => {
      renderChannel();
      await shows("ready");
      const refuse = ({ message: request, id }: { readonly message: string; readonly id?: string }) =>
        request === "sendmessage"
          ? [{ type: "error", code: "muted", detail: "You are muted.", request, id }]
          : undefined;
      chat.script = refuse;
      await act(async () => {
        channel.send("one");
        channel.send("two");
      });
      await shows("ready, one failed, two failed");
      const [one, two] = channel.pending;
      chat.script = () => undefined;
      await act(async () => {
        channel.discard(one?.id ?? "");
        channel.retry(two?.id ?? "");
      });
      await shows("ready, two");
    });

    it("keeps its messages and has the error if earlier ones cannot be read, or fails if the first page cannot", async () => {
      await session.close();
      for (const data of ["one", "two"]) chat.post({ data });
      session = chat.open();
      renderChannel("lobby", 1);
      await shows("ready, two");
      chat.script = ({ message: request, id }) =>
        request === "history" ? [{ type: "error", code: "not-a-member", detail: "Join it.", request, id }] : undefined;
      await act(() => channel.loadMore());
      expect(channel).to.have.nested.property("error.code", "not-a-member");
      await shows("ready, two");
      library.cleanup();
      renderChannel("ops");
      await shows("failed");
    });

    it("shows deletions and who is typing", async () => {
      const { id } = chat.post({ data: "one", mentions: ["anna"] });
      renderChannel();
      await shows("ready, one");
      await act(async () => chat.push({ type: "typing", channel: "lobby", user: "ben" }) as undefined);
      await shows("ready, one, ben is typing");
      await act(async () => void chat.post({ data: "two", from: "ben" }));
      await shows("ready, one, two");
      await act(async () => {
        chat.push({ type: "deleted", channel: "lobby", id, by: "mona", change: `${id.slice(0, -1)}1` });
      });
      await shows("ready, (deleted), two");
      expect(channel.messages[0]).not.to.have.property("mentions");
    });

    it("reports why a channel cannot be joined", async () => {
      chat.script = ({ message: request, id, channel: name }) =>
        request === "join" && name === "secret"
          ? [{ type: "error", code: "unknown-channel", detail: "It does not exist.", request, id }]
          : undefined;
      renderChannel("secret");
      await shows("failed");
      expect(channel.error).to.have.property("code", "unknown-channel");
    });
  });

  it("reads a channel and its members once, for all components that show them", async () => {
    const requests: string[] = [];
    // The session itself reads the history since it was opened.
    chat.script = ({ message, after }) => {
      if (after === undefined) requests.push(String(message));
      return undefined;
    };
    render(() => [1, 2].map(() => `${hooks.useChannel("lobby").status} ${hooks.usePresence("lobby").status}`).join());
    await shows("ready ready,ready ready");
    expect(requests).to.deep.equal(["join", "history", "members"]);
  });

  it("shows the members of a channel and their changes", async () => {
    chat.members = ["eve", "anna"];
    render(() => {
      const { status, members } = hooks.usePresence("lobby");
      return `${status}: ${members.join(", ")}`;
    });
    await shows("ready: anna, eve");
    await act(async () => chat.push({ type: "joined", channel: "lobby", user: "ben" }) as undefined);
    await shows("ready: anna, ben, eve");
    await act(async () => chat.push({ type: "named", channel: "lobby", user: "zoe", before: "ben" }) as undefined);
    await act(async () => chat.push({ type: "left", channel: "lobby", user: "eve" }) as undefined);
    await shows("ready: anna, zoe");
  });
});
