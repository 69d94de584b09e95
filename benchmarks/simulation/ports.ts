import type { Shard } from "../../chat/channel.ts";
import type { FanOutPorts } from "../../chat/fan-out/fan-out.ts";
import type { StalledPorts } from "../../chat/fan-out/stalled-connections.ts";
import type { FanOutTask } from "../../chat/fan-out/tasks.ts";
import type { Channels, Connections, Page, PageStart } from "../../chat/ports.ts";
import type { Account } from "./account.ts";
import type { ApiGateway } from "./api-gateway.ts";
import type { Audience } from "./audience.ts";
import { partitionOfShard, type SendToTable } from "./dynamodb.ts";
import type { ExecutionEnvironment } from "./lambda.ts";
import { sampleLatency } from "./random.ts";

/** The simulated services that the ports of all functions share. */
export interface SimulatedServices {
  readonly account: Account;
  readonly audience: Audience;
  readonly gateway: ApiGateway;
  readonly table: SendToTable;
  /** Called with each text that reaches a connection. */
  readonly onDelivered: (connectionId: string, text: string) => void;
  /** Called with each task that a function leaves to the worker. */
  readonly onTask: (task: FanOutTask) => void;
}

/** DynamoDB charges strongly consistent reads by 4 KB, and others half. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const unitsToRead = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4096)) / 2;

/** The default of the setting. */
const PRESENCE_MEMBERS_MAX = 100;

export interface SimulatedPorts extends FanOutPorts, StalledPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
}

/** The ports of the chat's code, in one execution environment. They take time, CPU and quotas. */
export function portsIn(environment: ExecutionEnvironment, services: SimulatedServices): SimulatedPorts {
  const { account, audience, gateway, table, onDelivered, onTask } = services;
  const { clock, random, assumptions } = account;
  return {
    members: { pages: (shard, from) => pagesOf(environment, services, { shard, from }), remove: nobodyIsGone },
    connections: { get: nobodyIsGone, getEventually: nobodyIsGone, remove: nobodyIsGone },
    names: { release: nobodyIsGone },
    users: { remove: nobodyIsGone },
    addresses: { remove: nobodyIsGone },
    connectionsPerAddressMax: "unlimited",
    close: nobodyIsClosed,
    channels: {
      shardsOf: nobodyIsGone,
      async grow(channel, shards) {
        await table(environment, { partition: partitionOfShard({ channel, shard: 0 }), readUnits: 1, writeUnits: 1 });
        audience.grow(shards);
      },
    },
    push(id, text) {
      // A function that has timed out never gets a response.
      if (environment.isEnded()) return new Promise(() => undefined);
      return gateway.push(environment, () => onDelivered(id, text));
    },
    probe: () => gateway.probe(environment),
    async handOver(task) {
      if (task.kind === "departures") return nobodyIsGone();
      await clock.pause(
        environment.work(assumptions.cpu.handOver) + sampleLatency(assumptions.latencies.invoke, random),
      );
      onTask(task);
    },
    now: clock.now,
    pause: clock.pause,
    random,
    count: () => undefined,
    emit: () => undefined,
    presenceMembersMax: PRESENCE_MEMBERS_MAX,
  };
}

/** Connections that are gone are not simulated. */
const nobodyIsGone = (): Promise<never> =>
  Promise.reject(new Error("The simulation has no connections that are gone."));

/** In rare cases, the chat takes a connection that is throttled several times in a row for a client that does not read. */
const nobodyIsClosed = (): Promise<never> =>
  Promise.reject(
    new Error(
      "The chat closed a connection as stalled, which the simulation does not model. Use another seed, or other assumptions.",
    ),
  );

interface PagesQuery {
  readonly shard: Shard;
  readonly from: PageStart | undefined;
}

async function* pagesOf(
  environment: ExecutionEnvironment,
  { account: { assumptions }, audience, table }: SimulatedServices,
  { shard, from = {} }: PagesQuery,
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
