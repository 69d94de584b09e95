import { expect } from "chai";
import { Api } from "../../src/gateway/api.ts";
import type { OpenConnection } from "../../src/gateway/connection.ts";
import { limitLifetime } from "../../src/gateway/socket.ts";
import { allowAll } from "../../src/iam/guard.ts";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack } from "../../src/testing/fixture-stack.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";

const MINUTE = 60_000;

/** An open connection with limited lifetime, and the close frames that its client receives. */
async function limitedConnection() {
  const clock = new ManualClock();
  const closeFrames: [number, string][] = [];
  const api = new Api(await readStack(fixtureStack()), {
    ...{ clock, guard: allowAll, functions: new Map(), iam: false, throttle: false },
    logAccess: () => undefined,
    report: () => undefined,
  });
  const connection = {
    id: "AAAAAAAAAAAAAAA=",
    lastActiveAt: clock.now(),
    socket: { close: (code: number, reason: string) => void closeFrames.push([code, reason]) },
  } as unknown as OpenConnection;
  api.connections.set(connection.id, connection);
  const cancel = limitLifetime(api, connection);
  const receive = () => {
    connection.lastActiveAt = clock.now();
  };
  return { clock, closeFrames, connections: api.connections, cancel, receive };
}

const GOING_AWAY = [1001, "Going away"];

describe("gateway/socket, limits on time", () => {
  it("closes and removes a connection that is idle for 10 minutes (LM-06)", async () => {
    const { clock, closeFrames, connections } = await limitedConnection();
    clock.advance(10 * MINUTE - 1);
    expect(closeFrames).to.deep.equal([]);
    clock.advance(1);
    expect(closeFrames).to.deep.equal([GOING_AWAY]);
    expect(connections.size).to.equal(0);
  });

  it("counts the 10 minutes from the last message (LM-07)", async () => {
    const { clock, closeFrames, receive } = await limitedConnection();
    clock.advance(9 * MINUTE);
    receive();
    clock.advance(10 * MINUTE - 1);
    expect(closeFrames).to.deep.equal([]);
    clock.advance(1);
    expect(closeFrames).to.deep.equal([GOING_AWAY]);
  });

  it("closes every connection after 2 hours, regardless of traffic (LM-08)", async () => {
    const { clock, closeFrames, receive } = await limitedConnection();
    for (let minute = 0; minute < 119; minute += 1) {
      clock.advance(MINUTE);
      receive();
    }
    clock.advance(MINUTE - 1);
    expect(closeFrames).to.deep.equal([]);
    clock.advance(1);
    expect(closeFrames).to.deep.equal([GOING_AWAY]);
  });

  it("closes a connection once", async () => {
    const { clock, closeFrames } = await limitedConnection();
    clock.advance(300 * MINUTE);
    expect(closeFrames).to.deep.equal([GOING_AWAY]);
  });

  it("cancels both timeouts of a closed connection", async () => {
    const { clock, closeFrames, cancel, receive } = await limitedConnection();
    clock.advance(9 * MINUTE);
    receive();
    clock.advance(2 * MINUTE);
    cancel();
    clock.advance(300 * MINUTE);
    expect(closeFrames).to.deep.equal([]);
  });
});
