import { expect } from "chai";
import { openAccount } from "../../../benchmarks/simulation/account.ts";
import { dynamodb, type TableRequest } from "../../../benchmarks/simulation/dynamodb.ts";

/** A function without a timeout, with a whole core. */
const environment = { deadline: Number.POSITIVE_INFINITY, work: (cpu: number) => cpu, isEnded: () => false };

/** Sends requests at the same time and counts the outcomes. */
async function send(requests: readonly TableRequest[]) {
  const account = openAccount({ seed: 1 });
  const request = dynamodb(account);
  const ends: string[] = [];
  for (const one of requests) {
    void request(environment, one).then(
      () => ends.push("done"),
      (fault: Error) => ends.push(fault.name),
    );
  }
  await account.clock.run();
  const count = (end: string) => ends.filter((one) => one === end).length;
  return { done: count("done"), throttled: count("ThrottlingException"), usage: account.usage };
}

const many = (count: number, request: TableRequest) => Array.from({ length: count }, () => request);

describe("benchmarks/simulation/dynamodb", () => {
  it("counts the units that are read and written", async () => {
    const { done, usage } = await send([{ partition: "a", readUnits: 6.5 }, { writeUnits: 1 }]);
    expect(done).to.equal(2);
    expect(usage).to.include({ readUnits: 6.5, writeUnits: 1, requestsRefused: 0 });
  });

  it("throttles a partition beyond 1,000 write units a second, although the table has more", async () => {
    const { done, throttled, usage } = await send(many(9_000, { partition: "a", writeUnits: 1 }));
    // A burst of 1,000, then 1,000 a second while the retries last, which is up to 7 seconds.
    expect(done).to.be.within(2_000, 8_000);
    expect(done + throttled).to.equal(9_000);
    expect(usage.writeUnits).to.equal(done);
  });

  it("throttles a partition beyond 3,000 read units a second", async () => {
    const { throttled } = await send(many(1_000, { partition: "a", readUnits: 13 }));
    expect(throttled).to.be.above(0);
  });

  it("limits each partition separately", async () => {
    const requests = Array.from({ length: 2_000 }, (_, index) => ({ partition: String(index % 4), writeUnits: 1 }));
    expect(await send(requests)).to.deep.include({ done: 2_000, throttled: 0 });
  });

  it("throttles a new table beyond 4,000 write units a second", async () => {
    const { usage } = await send(many(6_000, { writeUnits: 1 }));
    expect(usage.requestsRefused).to.be.above(0);
  });

  it("retries a throttled request like the chat's client", async () => {
    const { done, throttled, usage } = await send(many(1_200, { partition: "a", writeUnits: 1 }));
    expect({ done, throttled }).to.deep.equal({ done: 1_200, throttled: 0 });
    expect(usage.requestsRefused).to.be.above(0);
  });
});
