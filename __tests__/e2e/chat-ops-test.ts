import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type ChatOps, startChatOps } from "../support/chatops/running.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";
import { standIns } from "../support/chatops/stand-ins.ts";
import { type Wscat, wscat } from "../support/pty.ts";
import { STACK } from "../support/synthesized.ts";

/** The confidential values of a secret, and each line of a key. */
const secretsOf = (json: string): string[] =>
  Object.entries(JSON.parse(json))
    .flatMap(([name, value]) => {
      if (typeof value === "object") return secretsOf(JSON.stringify(value));
      return /^(token|value|privateKey)$/.test(name) ? String(value).split("\n") : [];
    })
    .filter((text) => text.length >= 8 && !text.includes("-----"));

const sessions: Wscat[] = [];

async function open({ chat, tokenFor }: ChatOps, user: string, ...groups: string[]): Promise<Wscat> {
  const session = await wscat(chat.url, "-H", `Authorization: Bearer ${await tokenFor(user, ...groups)}`);
  sessions.push(session);
  return session;
}

/** Sends a command to a service, and returns the answer. */
async function send(session: Wscat, service: string, data: string) {
  const id = `r-${Math.random()}`;
  session.type(JSON.stringify({ message: service, data, id }));
  await session.shows(`"request":"${service}","id":"${id}"`);
  return JSON.parse(session.received().find((frame) => frame.includes(id)) as string);
}

const codeIn = ({ detail }: { readonly detail: string }): string => /"(confirm [a-z0-9]+)"/.exec(detail)?.[1] as string;

describe("chat-ops in wscat sessions with tokens of different groups", () => {
  let ops: ChatOps;
  let services: Record<string, ServiceStandIn>;
  before(async () => {
    ops = await startChatOps();
    const started = Object.entries(standIns).map(async ([key, startOne]) => [key, await startOne()] as const);
    services = Object.fromEntries(await Promise.all(started));
    for (const [key, { credential }] of Object.entries(services)) await ops.set(key, credential);
  });
  after(async () => {
    await Promise.all(Object.values(services).map((service) => service.stop()));
    await ops.stop();
  });
  afterEach(() => {
    for (const session of sessions.splice(0)) session.kill();
  });

  /** Uses a service, then lets it echo each request as an error. Returns the content of its secret afterwards. */
  async function usedAndEchoed(session: Wscat, key: string): Promise<string> {
    const service = services[key] as ServiceStandIn;
    for (const action of ["status", "rotate", "nonsense"]) await send(session, key, action);
    service.fault = ({ headers }) => ({ status: 403, body: { message: JSON.stringify(headers) } });
    for (const action of ["status", "rotate"]) await send(session, key, action);
    service.fault = () => undefined;
    return ops.read(key);
  }

  const github = (): ServiceStandIn => services.github as ServiceStandIn;

  it("performs permitted actions, and answers the requester", async () => {
    const anna = await open(ops, "anna", "ops");
    for (const key of Object.keys(services)) {
      expect(await send(anna, key, "status"), key).to.include({ type: "ack", request: key });
    }
  });

  it("refuses an action that the user's groups do not permit", async () => {
    const anna = await open(ops, "anna", "ops");
    expect(await send(anna, "github", "freeze")).to.include({
      type: "error",
      code: "service-refused",
      detail: "The action freeze requires the group ops-admin.",
    });
    expect(github().isFrozen()).to.equal(false);
  });

  it("performs a confirmed action, and announces both users in ops", async () => {
    const [bert, carla] = [await open(ops, "bert", "ops-admin"), await open(ops, "carla", "ops-admin")];
    carla.type('{"message":"join","channel":"ops"}');
    await carla.shows('"ack"');
    const pending = await send(bert, "github", "freeze");
    expect(pending).to.include({ type: "ack" });
    expect(await send(bert, "github", codeIn(pending))).to.include({
      detail: "You requested this action, so another user must confirm it.",
    });
    expect(github().isFrozen()).to.equal(false);
    expect(await send(carla, "github", codeIn(pending))).to.include({
      type: "ack",
      detail: "The installation is suspended.",
    });
    await carla.shows("github freeze, requested by bert, confirmed by carla: done.");
    expect(github().isFrozen()).to.equal(true);
    await send(bert, "github", "unfreeze");
  });

  it("performs a confirmed action once, and refuses the code of another service", async () => {
    const [bert, carla] = [await open(ops, "bert", "ops-admin"), await open(ops, "carla", "ops-admin")];
    const pending = await send(bert, "jenkins", "freeze");
    expect(await send(carla, "github", codeIn(pending))).to.include({ code: "service-refused" });
    expect(await send(carla, "jenkins", codeIn(pending))).to.include({ type: "ack" });
    expect(await send(carla, "jenkins", codeIn(pending))).to.include({ code: "service-refused" });
  });

  it("rotates on schedule, and stores the new credential", async () => {
    const carla = await open(ops, "carla", "ops");
    carla.type('{"message":"join","channel":"ops"}');
    await carla.shows('"ack"');
    const before = await ops.read("jenkins");
    ops.chat.schedules.get(`${STACK}-jenkins`)?.();
    await carla.shows("jenkins rotate, requested by the schedule: done.");
    const after = await ops.read("jenkins");
    expect(after).not.to.equal(before);
    expect(services.jenkins?.works(JSON.parse(after))).to.equal(true);
    expect(services.jenkins?.works(JSON.parse(before))).to.equal(false);
  });

  it("audits requested, refused and finished actions in items that never expire", async () => {
    const lines = (await ops.items()).filter(({ pk }) => String(pk).startsWith("AUDIT#github#"));
    expect(lines.map(({ outcome }) => outcome)).to.include.members(["refused", "asked", "begun", "done"]);
    expect(lines.filter((line) => "ttl" in line)).to.deep.equal([]);
    expect(lines.find(({ confirmedBy }) => confirmedBy === "carla")).to.deep.include({
      action: "freeze",
      by: { user: "bert" },
    });
  });

  it("shows no secret in logs, frames, messages, audit trail and Terraform", async () => {
    const anna = await open(ops, "anna", "ops", "ops-admin");
    anna.type('{"message":"join","channel":"ops"}');
    const secrets = new Set<string>();
    for (const key of Object.keys(services)) {
      for (const text of [...secretsOf(await ops.read(key)), ...secretsOf(await usedAndEchoed(anna, key))]) {
        secrets.add(text);
      }
    }
    expect(secrets.size).to.be.greaterThan(5);
    const terraform = readFileSync(join(ops.stackDirectory, "cdk.tf.json"), "utf8");
    const seen = [JSON.stringify(ops.logged), anna.shown(), JSON.stringify(await ops.items()), terraform].join("\n");
    expect([...secrets].filter((secret) => seen.includes(secret))).to.deep.equal([]);
  });
});

describe("chat-ops, without a confirmation in time", () => {
  it("does not perform the action, and refuses the expired code", async () => {
    const ops = await startChatOps({ confirmationSeconds: 1 });
    const service = await standIns.github?.();
    try {
      await ops.set("github", service?.credential ?? {});
      const [bert, carla] = [await open(ops, "bert", "ops-admin"), await open(ops, "carla", "ops-admin")];
      const pending = await send(bert, "github", "freeze");
      await sleep(1_100);
      expect(codeIn(pending)).to.match(/^confirm \w{6}$/);
      expect((await send(carla, "github", codeIn(pending))).detail).to.match(
        /^No action is waiting for this code: .*expired/,
      );
      expect(service?.isFrozen()).to.equal(false);
    } finally {
      for (const session of sessions.splice(0)) session.kill();
      await service?.stop();
      await ops.stop();
    }
  });
});
