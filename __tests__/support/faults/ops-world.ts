import "../function-environment.ts";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { CURRENT, Secret } from "@serverless-chat/emulator/secrets-manager/secret";
import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { ulid } from "ulid";
import { secret as secretOf } from "../../../aws/secrets/secret.ts";
import { confirmations, leases, trail } from "../../../aws/table/chat-ops.ts";
import { connections } from "../../../aws/table/connections.ts";
import { messages } from "../../../aws/table/messages.ts";
import { rates } from "../../../aws/table/rates.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";
import { opsAnnouncer } from "../../../chatops/announce.ts";
import type { HttpResponse, NoResponse } from "../../../chatops/http.ts";
import type { AuditEntry, Ports as ChatOpsPorts } from "../../../chatops/ports.ts";
import { RULES } from "../../../chatops/rules.ts";
import { isUnsupported } from "../../../chatops/service.ts";
import { chatOpsLambda } from "../../../handlers/chat-ops.ts";
import { aConnection, aContext, anEvent } from "../builders.ts";
import type { ServiceStandIn, StartService } from "../chatops/service-stand-in.ts";
import { inProcess } from "../chatops/stand-in.ts";
import { seededRandom } from "../random.ts";
import { attempt, closeCall, type Fault, type FaultyRun, httpCall, type Run, rejectingCall } from "./ports.ts";
import { dynamodbOn, type Items, secretsManagerOn } from "./sdk-clients.ts";

const STAGES = ["current", "pending", "previous"] as const;

type Stage = (typeof STAGES)[number];

const LABELS: Readonly<Record<Stage, string>> = { current: CURRENT, pending: "AWSPENDING", previous: "AWSPREVIOUS" };

/** Two operators. Both may do everything. */
export type Operator = "anna" | "ben";

const GROUPS = ["ops", "ops-admin"];

/** The result of one run of the function. */
export interface OpsRan extends Run {
  /** Undefined if the function died. */
  readonly answer: ServerFrame | undefined;
}

/** The confirmation code in an answer or an announcement. */
export const codeIn = (text: string): string | undefined => /confirm (code\d+)/.exec(text)?.[1];

const TIMEOUT_MILLISECONDS = 25_000;

/**
 * The function of one service, with a stand-in for the service, and the real adapters on a table and a secret in memory.
 * One call of a run can fail.
 */
export class OpsWorld {
  readonly standIn: ServiceStandIn;
  readonly #http: ChatOpsPorts["http"];
  readonly #clock: ManualClock;
  readonly #items: Items = new Map();
  readonly #secret: Secret;
  readonly #connectionOf = new Map<Operator, string>();
  #codes = 0;
  #ids = 0;
  /** The random numbers of `ulid` are slow. */
  readonly #random = seededRandom(1);

  static async start(start: StartService): Promise<OpsWorld> {
    const clock = new ManualClock();
    const { open, http } = inProcess();
    const world = new OpsWorld(await start({ open, now: clock.now }), { http, clock });
    for (const user of ["anna", "ben"] as const) await world.#connect(user);
    return world;
  }

  private constructor(standIn: ServiceStandIn, { http, clock }: { http: ChatOpsPorts["http"]; clock: ManualClock }) {
    this.standIn = standIn;
    this.#http = http;
    this.#clock = clock;
    this.#secret = new Secret({ name: "chat", arn: "arn:chat" } as never);
    const value = { SecretString: JSON.stringify(standIn.credential) };
    this.#secret.add({ id: "0".repeat(32), value, createdAt: clock.now(), stages: [CURRENT] });
  }

  get now(): number {
    return this.#clock.now();
  }

  pass(milliseconds: number): void {
    this.#clock.advance(milliseconds);
  }

  /** Sends a command, and returns the answer that the operator receives. */
  async send(user: Operator, data: string, fault?: Fault): Promise<OpsRan> {
    const route = this.standIn.service.key;
    const connectionId = this.#connectionOf.get(user) as string;
    const event = anEvent({
      routeKey: route,
      connectionId,
      body: JSON.stringify({ message: route, data, id: "c-1" }),
    });
    const { run, result } = await this.#run(event, fault);
    const answer = run.isDead || !result?.body ? undefined : (JSON.parse(result.body) as ServerFrame);
    return { ...run, answer };
  }

  /** Runs the schedule's task once. `isDone` is false if Lambda has to repeat it. */
  async rotateBySchedule(fault?: Fault): Promise<Run & { readonly isDone: boolean }> {
    const task = { action: "rotate" } as const;
    try {
      const { run } = await this.#run(task, fault);
      return { ...run, isDone: !run.isDead };
    } catch (failed) {
      if (failed instanceof Failed) return { ...failed.run, isDone: false };
      throw failed;
    }
  }

  /** The value of the secret in a stage. */
  held(stage: Stage): object | undefined {
    const version = this.#secret.labeled(LABELS[stage]);
    const isCurrent = stage !== "current" && version?.stages.includes(CURRENT);
    if (!version || isCurrent || !("SecretString" in version.value)) return undefined;
    return JSON.parse(version.value.SecretString);
  }

  /** The number of valid credentials that are not in the secret. */
  strays(): number {
    const { standIn } = this;
    const { rotate } = standIn.service.actions;
    const held = STAGES.flatMap((stage) => this.held(stage) ?? []).filter((credential) => standIn.works(credential));
    const names = held.flatMap((each) =>
      isUnsupported(rotate) ? JSON.stringify(each) : (rotate.replaced(each) ?? []),
    );
    return standIn.living() - new Set(names).size;
  }

  /** The lines of the audit trail, oldest first. */
  get trail(): AuditEntry[] {
    return this.#itemsOf("AUDIT#") as never;
  }

  /** The announcements in `ops`, oldest first. */
  get announced(): string[] {
    return this.#itemsOf("LOG#ops").map(({ data }) => String(data));
  }

  /** When the lease ends, in epoch milliseconds. */
  get leaseUntil(): number | undefined {
    const [lease] = this.#itemsOf("LEASE#");
    return lease && Number(lease.ttl) * 1000;
  }

  /** Codes that a second user can still confirm. */
  async codes(): Promise<string[]> {
    const { chatOps } = this.#ports({ run: { calls: [], isDead: false } });
    const own = chatOps().confirmations;
    const codes = this.#itemsOf("CONFIRMATION#").map(({ sk }) => String(sk));
    const pending = await Promise.all(codes.map((code) => own.get(code)));
    return pending.flatMap((each) => (each && each.until > this.now ? [each.code] : []));
  }

  async #connect(user: Operator): Promise<void> {
    const connected = aConnection({ user, groups: GROUPS, connectedAt: this.now });
    this.#connectionOf.set(user, connected.id);
    await connections(this.#table({ run: { calls: [], isDead: false } }), this.#clock.now).add(connected);
  }

  async #run(event: object, fault: Fault | undefined) {
    this.pass(1000);
    const run: Run = { calls: [], isDead: false };
    const ports = this.#ports({ run, fault });
    const lambda = chatOpsLambda(() => ports);
    // The function counts its time on the real clock.
    const getRemainingTimeInMillis = () => this.now - Date.now() + TIMEOUT_MILLISECONDS;
    try {
      return { run, result: await lambda(event as never, { ...aContext(), getRemainingTimeInMillis }) };
    } catch {
      throw new Failed(run);
    }
  }

  #table(faulty: FaultyRun) {
    return sdkTable(dynamodbOn(this.#items, faulty), "chat");
  }

  #ports(faulty: FaultyRun) {
    const { service } = this.standIn;
    const { now } = this.#clock;
    const table = this.#table(faulty);
    const newMessageId = () => ulid(now() + this.#ids++, () => this.#random.below(32) / 32);
    const chatOps: ChatOpsPorts = {
      rules: RULES,
      secret: secretOf({ client: secretsManagerOn(this.#secret, faulty, now), arn: "chat" }),
      lease: leases(table, { service: service.key, now, newId: newMessageId }),
      confirmations: confirmations(table, { service: service.key, newId: newMessageId }),
      trail: trail(table, newMessageId),
      announce: opsAnnouncer({
        messages: messages(table, { now, retentionDays: 30 }),
        handOver: async () => void (await attempt(faulty, rejectingCall("Invoke fan-out"))),
        newMessageId,
        emit: () => undefined,
        onFault: () => undefined,
      }),
      http: async (request, timeout) => {
        const call = () => this.#http(request, timeout);
        return (await attempt(faulty, httpCall(`HTTP ${request.method}`, call))) as HttpResponse | NoResponse;
      },
      now,
      pause: async (milliseconds) => this.pass(milliseconds),
      newCode: () => {
        this.#codes += 1;
        return `code${this.#codes}`;
      },
      onStep: () => undefined,
      onFault: () => undefined,
    };
    return {
      connections: connections(table, now),
      rates: rates(table, now),
      close: async () => (await attempt(faulty, closeCall())) as never,
      now,
      messageRate: "unlimited" as const,
      service: () => service,
      chatOps: () => chatOps,
    };
  }

  #itemsOf(prefix: string): Record<string, unknown>[] {
    const found = [...this.#items].filter(([key]) => key.startsWith(prefix));
    return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => unmarshall(item));
  }
}

/** The scheduled task failed, and Lambda repeats it. */
class Failed extends Error {
  readonly run: Run;

  constructor(run: Run) {
    super("The scheduled rotation failed");
    this.run = run;
  }
}
