import { ChatError } from "@serverless-chat/client";
import { expect } from "chai";
import sinon from "sinon";
import { type ChatState, INITIAL_STATE } from "../../../web/state/chat-state.ts";
import { keepName } from "../../../web/state/keep-name.ts";

const TAKEN = new ChatError("name-taken", "Another user has this name.");

/** A page whose user had the name `stored` before. `isHeld` says whether another connection holds every name. */
function pageOf(stored: string | undefined) {
  const listeners = new Map<string, (event: never) => void>();
  const page = {
    state: INITIAL_STATE as ChatState,
    stored,
    isHeld: true,
    claims: [] as string[],
    notices: [] as string[],
    session: {
      user: "guest-1",
      on: (type: string, listener: (event: never) => void) => {
        listeners.set(type, listener);
        return () => undefined;
      },
    },
    options: { storage: { read: <Value>(_: string, otherwise: Value) => (page.stored as Value) ?? otherwise } },
    update: (change: (state: ChatState) => ChatState) => {
      page.state = change(page.state);
    },
    notify: (text: string) => void page.notices.push(text),
    rename: async (name: string) => {
      page.claims.push(name);
      if (page.isHeld) throw TAKEN;
      page.named(name);
    },
    emit: (type: string, event: unknown) => listeners.get(type)?.(event as never),
    named: (user: string) => {
      page.session.user = user;
      page.emit("user", user);
    },
    online: () => page.emit("state", { status: "online" }),
  };
  keepName(page);
  return page;
}

describe("the name of a user", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  it("is claimed again after a reload until it is free, and the page shows it", async () => {
    const page = pageOf("anna");
    page.emit("error", TAKEN);
    page.online();
    expect(page.state.claiming).to.equal("anna");
    await clock.tickAsync(2_500);
    page.isHeld = false;
    await clock.tickAsync(10_000);
    expect(page.claims).to.deep.equal(["anna", "anna", "anna"]);
    expect(page.state.claiming).to.equal(undefined);
  });

  it("is the one that the user has chosen since", async () => {
    const page = pageOf("anna");
    page.emit("error", TAKEN);
    page.stored = "annabel";
    page.named("annabel");
    page.isHeld = false;
    await clock.tickAsync(10_000);
    expect(page.claims).to.deep.equal([]);
    expect(page.session.user).to.equal("annabel");
  });

  it("is left to a session that has had it, and the page shows it", async () => {
    const page = pageOf("anna");
    page.named("anna");
    page.named("guest-2");
    page.online();
    page.emit("error", TAKEN);
    await clock.tickAsync(10_000);
    expect(page.claims).to.deep.equal([]);
    expect(page.state.claiming).to.equal("anna");
    page.named("anna");
    expect(page.state.claiming).to.equal(undefined);
  });

  it("is given up after ten claims, with the reason", async () => {
    const page = pageOf("anna");
    page.emit("error", TAKEN);
    await clock.tickAsync(60_000);
    expect(page.claims).to.have.length(10);
    expect(page.state.claiming).to.equal(undefined);
    expect(page.notices).to.deep.equal(["Your name “anna” is refused. Another user has this name."]);
  });
});
