import { expect } from "chai";
import { Api } from "../../src/gateway/api.ts";
import type { OpenConnection } from "../../src/gateway/connection.ts";
import { limitLifetime } from "../../src/gateway/lifetime.ts";
import { allowAll } from "../../src/iam/guard.ts";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack } from "../../src/testing/fixture-stack.ts";
import { HandClock } from "../../src/testing/hand-clock.ts";

const MINUTE = 60_000;

/** An open connection whose life is limited, and what its client reads at the end. */
async function living() {
  const clock = new HandClock();
  const closings: [number, string][] = [];
  const api = new Api(await readStack(fixtureStack()), {
    ...{ clock, guard: allowAll, functions: new Map(), iam: false, throttle: false },
    logAccess: () => undefined,
    report: () => undefined,
  });
  const connection = {
    id: "AAAAAAAAAAAAAAA=",
    lastActiveAt: clock.now(),
    socket: { close: (code: number, reason: string) => void closings.push([code, reason]) },
  } as unknown as OpenConnection;
  api.connections.set(connection.id, connection);
  const release = limitLifetime(api, connection);
  const speak = () => {
    connection.lastActiveAt = clock.now();
  };
  return { clock, closings, connections: api.connections, release, speak };
}

const GOING_AWAY = [1001, "Going away"];

describe("gateway/lifetime", () => {
  it("ends a connection that is idle for 10 minutes, and it is gone at once (LM-06)", async () => {
    const { clock, closings, connections } = await living();
    clock.advance(10 * MINUTE - 1);
    expect(closings).to.deep.equal([]);
    clock.advance(1);
    expect(closings).to.deep.equal([GOING_AWAY]);
    expect(connections.size).to.equal(0);
  });

  it("counts the 10 minutes from the last message (LM-07)", async () => {
    const { clock, closings, speak } = await living();
    clock.advance(9 * MINUTE);
    speak();
    clock.advance(10 * MINUTE - 1);
    expect(closings).to.deep.equal([]);
    clock.advance(1);
    expect(closings).to.deep.equal([GOING_AWAY]);
  });

  it("ends every connection after 2 hours, regardless of traffic (LM-08)", async () => {
    const { clock, closings, speak } = await living();
    for (let minute = 0; minute < 119; minute += 1) {
      clock.advance(MINUTE);
      speak();
    }
    clock.advance(MINUTE - 1);
    expect(closings).to.deep.equal([]);
    clock.advance(1);
    expect(closings).to.deep.equal([GOING_AWAY]);
  });

  it("ends a connection once", async () => {
    const { clock, closings } = await living();
    clock.advance(300 * MINUTE);
    expect(closings).to.deep.equal([GOING_AWAY]);
  });

  it("stops watching a connection that has ended", async () => {
    const { clock, closings, release, speak } = await living();
    clock.advance(9 * MINUTE);
    speak();
    clock.advance(2 * MINUTE);
    release();
    clock.advance(300 * MINUTE);
    expect(closings).to.deep.equal([]);
  });
});
