import { expect } from "chai";
import sinon from "sinon";
import type { PresenceEvent } from "../src/events.ts";
import { PresenceStore } from "../src/presence-store.ts";
import type { Session } from "../src/session.ts";

describe("the presence of a channel that the chat keeps", () => {
  let clock: sinon.SinonFakeTimers;
  let members: string[];
  let requests: number;
  let report: (event: PresenceEvent) => void;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout"] });
    [members, requests] = [["anna", "ben"], 0];
  });
  afterEach(() => sinon.restore());

  const settle = async () => {
    for (let ticks = 0; ticks < 5; ticks += 1) await Promise.resolve();
  };
  const open = async (hasLastingChannels: boolean) => {
    const session = {
      hasLastingChannels,
      on(type: string, listener: typeof report) {
        if (type === "presence") report = listener;
      },
      async members() {
        requests += 1;
        return { members };
      },
    };
    const store = new PresenceStore(session as unknown as Session, "design");
    await settle();
    return store;
  };
  const inLobby = (type: "joined" | "left", user: string) => report({ type, channel: "lobby", user } as PresenceEvent);

  it("is read again once after users have connected or disconnected", async () => {
    const store = await open(true);
    members = ["carol"];
    for (const user of ["anna", "ben"]) inLobby("left", user);
    inLobby("joined", "carol");
    clock.tick(2_000);
    await settle();
    expect(store.get().members).to.deep.equal(["carol"]);
    expect(requests).to.equal(2);
  });

  it("is not read again for users who are listed already, or if the chat keeps no channels", async () => {
    for (const isLasting of [true, false]) {
      await open(isLasting);
      requests = 0;
      inLobby("joined", "anna");
      inLobby("left", isLasting ? "zoe" : "anna");
      clock.tick(2_000);
      await settle();
      expect(requests).to.equal(0);
    }
  });
});
