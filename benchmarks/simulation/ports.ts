import type { Shard } from "../../chat/channel.ts";
import type { FanOutPorts } from "../../chat/fan-out/fan-out.ts";
import type { StalledPorts } from "../../chat/fan-out/stalled.ts";
import type { FanOutTask } from "../../chat/fan-out/tasks.ts";
import type { Page, PageStart } from "../../chat/ports.ts";
import type { Account } from "./account.ts";
import type { Audience } from "./audience.ts";
import type { Gateway } from "./gateway.ts";
import type { Environment } from "./lambda.ts";
import { draw } from "./random.ts";
import { partitionOfShard, type SendToTable } from "./table.ts";

/** What the ports of every function work on. */
export interface Surroundings {
  readonly account: Account;
  readonly audience: Audience;
  readonly gateway: Gateway;
  readonly table: SendToTable;
  /** Hears what reached a connection. */
  readonly hear: (connectionId: string, text: string) => void;
  /** Takes what a function leaves to the worker. */
  readonly take: (task: FanOutTask) => void;
}

/** DynamoDB reads by steps of 4 KB, at half a unit each. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const unitsToRead = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4096)) / 2;

/** As the settings have it. */
const PRESENCE_MEMBERS_MAX = 100;

/** What the chat's own code works with in one environment: it takes time, processor and quotas. */
export function portsIn(environment: Environment, surroundings: Surroundings): FanOutPorts & StalledPorts {
  const { account, audience, gateway, table, hear, take } = surroundings;
  const { clock, random, assumptions } = account;
  return {
    members: { pages: (shard, from) => pagesOf(environment, surroundings, { shard, from }), remove: nobodyIsGone },
    connections: { glance: nobodyIsGone, remove: nobodyIsGone },
    names: { release: nobodyIsGone },
    users: { remove: nobodyIsGone },
    addresses: { remove: nobodyIsGone },
    connectionsPerAddressMax: "unlimited",
    close: nobodyIsGone,
    channels: {
      async grow(channel, shards) {
        await table(environment, { partition: partitionOfShard({ channel, shard: 0 }), readUnits: 1, writeUnits: 1 });
        audience.grow(shards);
      },
    },
    push(id, text) {
      return environment.isEnded() ? new Promise(() => undefined) : gateway.post(environment, () => hear(id, text));
    },
    probe: () => gateway.probe(environment),
    async handOver(task) {
      if (task.kind === "farewells") return nobodyIsGone();
      await clock.pause(environment.work(assumptions.cpu.handOver) + draw(assumptions.latencies.invoke, random));
      take(task);
    },
    now: clock.now,
    pause: clock.pause,
    random,
    count: () => undefined,
    presenceMembersMax: PRESENCE_MEMBERS_MAX,
  };
}

/** Everybody whom a frame is for is there: what becomes of those who are gone is no matter of scale. */
const nobodyIsGone = (): Promise<never> => Promise.reject(new Error("Nobody is gone in a simulation."));

interface Reading {
  readonly shard: Shard;
  readonly from: PageStart | undefined;
}

async function* pagesOf(
  environment: Environment,
  { account: { assumptions }, audience, table }: Surroundings,
  { shard, from = {} }: Reading,
): AsyncGenerator<Page> {
  let { after } = from;
  do {
    const page = audience.page(shard.shard, { ...from, after });
    await table(environment, {
      partition: partitionOfShard(shard),
      readUnits: unitsToRead(page.members.length * assumptions.memberBytes),
      cpu: page.members.length * assumptions.cpu.member,
    });
    yield page;
    after = page.next;
  } while (after !== undefined);
}
