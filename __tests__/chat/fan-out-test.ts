import { expect } from "chai";
import type { Connection } from "../../chat/connection.ts";
import { fanOut } from "../../chat/fan-out.ts";
import type { Members, PushOutcome } from "../../chat/ports.ts";
import { aConnection, NOON } from "../support/builders.ts";
import { memoryStore } from "../support/memory.ts";

const lobby = { channel: "lobby", shard: 0 };

/** A lobby of these connections, and a push that answers for each what `outcomes` says, or "delivered". */
async function aLobby(
  audience: readonly Connection[],
  outcomes: Readonly<Record<string, () => Promise<PushOutcome>>> = {},
) {
  const store = memoryStore(() => NOON);
  for (const connection of audience) {
    await store.connections.add(connection, [lobby]);
    await store.members.add(lobby, connection);
  }
  const pushed: [string, string][] = [];
  const push = async (id: string, frame: string): Promise<PushOutcome> => {
    pushed.push([id, frame]);
    return (await outcomes[id]?.()) ?? "delivered";
  };
  return { ...store, push, pushed, now: () => NOON };
}

const gone = async (): Promise<PushOutcome> => "gone";

describe("chat/fan-out", () => {
  it("delivers the frame to every member once and counts them", async () => {
    const audience = Array.from({ length: 100 }, () => aConnection());
    const ports = await aLobby(audience);

    const tally = await fanOut(ports, { shard: lobby, frame: "hi" });

    expect(tally).to.deep.equal({ delivered: 100, gone: 0, failed: 0, faults: [] });
    expect(ports.pushed).to.have.deep.members(audience.map(({ id }) => [id, "hi"]));
  });

  it("removes a connection that is gone, from the channel and from the table", async () => {
    const [here, left] = [aConnection(), aConnection()];
    const ports = await aLobby([here, left], { [left.id]: gone });

    const tally = await fanOut(ports, { shard: lobby, frame: "hi" });

    expect(tally).to.deep.include({ delivered: 1, gone: 1 });
    expect(ports.size()).to.equal(2);
  });

  it("removes a gone member whose connection the table no longer knows", async () => {
    const orphan = aConnection();
    const ports = await aLobby([orphan], { [orphan.id]: gone });
    await ports.connections.remove(orphan.id);

    await fanOut(ports, { shard: lobby, frame: "hi" });

    expect(ports.size()).to.equal(0);
  });

  it("keeps a connection that answers 410 because its handshake is still pending", async () => {
    const opening = aConnection({ connectedAt: NOON - 1000 });
    const ports = await aLobby([opening], { [opening.id]: gone });

    const tally = await fanOut(ports, { shard: lobby, frame: "hi" });

    expect(tally.gone).to.equal(1);
    expect(ports.size()).to.equal(2);
  });

  it("serves everybody else when single pushes fail, and names each fault once", async () => {
    const audience = Array.from({ length: 50 }, () => aConnection());
    const throttled = async (): Promise<PushOutcome> => {
      throw Object.assign(new Error("Slow down"), { name: "LimitExceededException" });
    };
    const outcomes = Object.fromEntries(audience.slice(0, 20).map(({ id }) => [id, throttled]));
    const ports = await aLobby(audience, outcomes);

    const tally = await fanOut(ports, { shard: lobby, frame: "hi" });

    expect(tally).to.deep.equal({ delivered: 30, gone: 0, failed: 20, faults: ["LimitExceededException"] });
    expect(ports.size()).to.equal(100);
  });

  it("counts a gone connection that could not be removed as failed, and goes on", async () => {
    const [here, left] = [aConnection(), aConnection()];
    const ports = await aLobby([left, here], { [left.id]: gone });
    const remove = (): Promise<never> => Promise.reject("the table is away");

    const tally = await fanOut({ ...ports, members: { ...ports.members, remove } }, { shard: lobby, frame: "hi" });

    expect(tally).to.deep.equal({ delivered: 1, gone: 0, failed: 1, faults: ["the table is away"] });
  });

  it("has a bounded number of pushes under way, and only one page", async () => {
    const page = Array.from({ length: 200 }, () => aConnection());
    let pages = 0;
    let underWay = 0;
    let most = 0;
    const members: Members = {
      ...memoryStore(() => NOON).members,
      async *pages() {
        for (; pages < 3; pages += 1) {
          expect(underWay).to.equal(0);
          yield page;
        }
      },
    };
    const push = async (): Promise<PushOutcome> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return "delivered";
    };

    const { connections } = memoryStore(() => NOON);
    const tally = await fanOut({ connections, members, push, now: () => NOON }, { shard: lobby, frame: "hi" });

    expect(tally.delivered).to.equal(600);
    expect(most).to.equal(32);
  });
});
