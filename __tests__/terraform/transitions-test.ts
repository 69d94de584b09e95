import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { services } from "../../chatops/services.ts";
import { PROJECT } from "../../infra/environments.ts";
import { environmentSchema } from "../../infra/settings.ts";
import { createHostedZone } from "../support/hosted-zone.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto-proxy.ts";
import { smallChat } from "../support/small-chat.ts";
import { EVERYTHING, ISSUER, MODERATED } from "../support/synthesized.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

const JWT = { ...ISSUER, closeAtTokenExpiry: true };
const COGNITO = { kind: "cognito" };
const chatOps = (own: object) => ({
  services: Object.fromEntries(services.map(({ key }) => [key, {}])),
  rotateEvery: "30 days",
  confirmationMinutes: 5,
  ...own,
});

/** Another value for each setting that has one by default. */
const CHANGED = {
  stageName: "v2",
  throttle: { requestsPerSecond: 20, burst: 10 },
  logRetentionDays: 90,
  logLevel: "DEBUG",
  messageRetentionDays: 7,
  presenceMembersMax: 10,
  functionMemoryMegabytes: 512,
};

/**
 * One environment's settings after another. Each pair of authentication kinds follows each other in both directions, and
 * each setting is switched on, changed or renamed at least once and then taken back.
 */
const STEPS: readonly (readonly [name: string, settings: Readonly<Record<string, unknown>>])[] = [
  ["the first deploy", {}],
  [
    "everything, with tokens",
    { ...EVERYTHING, ...MODERATED, ...CHANGED, authentication: JWT, chatOps: chatOps({ ownKmsKey: true }) },
  ],
  ["nothing again", {}],
  ["a user pool and chat-ops", { authentication: COGNITO, chatOps: chatOps({}), alarmEmail: "anna@example.com" }],
  [
    "tokens of an issuer, and keys of our own",
    { authentication: JWT, chatOps: chatOps({ ownKmsKey: true, rotateEvery: "7 days" }), ...MODERATED },
  ],
  [
    "a user pool, without those keys",
    { authentication: COGNITO, chatOps: chatOps({}), dashboard: true, tracing: true },
  ],
  ["signatures", { authentication: { kind: "iam" }, connectionsPerUserMax: 3, accessLog: true }],
  [
    "a user pool that exists already",
    { authentication: { ...COGNITO, pool: { userPoolId: "eu-west-2_AbCdEfGhI", clientId: "abc" } } },
  ],
  ["no authentication", { tags: { team: "chat" } }],
  ["signatures, and other tags", { authentication: { kind: "iam" }, tags: { team: "platform", cost: "7" } }],
  ["tokens, with one service", { authentication: JWT, chatOps: chatOps({ services: { github: {} } }) }],
  ["signatures once more", { authentication: { kind: "iam" } }],
  ["the settings of the first deploy", {}],
];

/** A route of moderators, in place of the worker's end of the file: it comes and goes with the setting. */
const KICK =
  '  { key: "kick", entry: "kick", does: "", timeoutSeconds: 10, grants: ["close kicked"], needs: "moderators" },';

describe("a deployed environment whose settings change", () => {
  let proxy: MotoProxy;
  let project: TerraformProject;
  let write: (settings: Readonly<Record<string, unknown>>) => void;

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "888888888888");
    const chat = smallChat();
    chat.edit("handlers/routes.ts", /(?=\n\];\n\n\/\*\* Every function without)/, `\n${KICK}`);
    project = terraformProject(chat.folder, proxy.url);
    const file = join(chat.folder, "infra", "environments.ts");
    const original = readFileSync(file, "utf8");
    write = (settings) =>
      writeFileSync(file, `${original}\nObject.assign(environments[0] as object, ${JSON.stringify(settings)});\n`);
    await createHostedZone(proxy.url, EVERYTHING.domain.hostedZone);
  });
  after(() => proxy.stop());

  /** Applies the settings, and expects the plan after it to be empty. */
  async function applies(settings: Readonly<Record<string, unknown>>, name = "dev"): Promise<void> {
    write({ name, ...settings });
    const stack = `${PROJECT}-${name}`;
    await succeeds(project.synthesize());
    await succeeds(project.terraform(stack, "init", "-input=false"));
    await succeeds(project.terraform(stack, "apply", "-auto-approve", "-input=false", "-no-color"));
    await changesNothing(project, stack);
  }

  it("takes every setting there is on the way", () => {
    const taken = STEPS.flatMap(([, settings]) => Object.keys(settings));
    const elsewhere = ["name", "region", "remoteState"];
    expect(Object.keys(environmentSchema.entries)).to.have.members([...new Set([...taken, ...elsewhere])]);
  });

  for (const [name, settings] of STEPS) {
    it(`is applied with ${name}, and has nothing to change right after`, () => applies(settings));
  }

  it("is applied under another name, with the state of the old one", async () => {
    const state = (name: string): string => join(project.folder, `terraform.${PROJECT}-${name}.tfstate`);
    copyFileSync(state("dev"), state("staging"));
    await applies({}, "staging");
  });

  it("leaves nothing behind when it is destroyed", async () => {
    const stack = `${PROJECT}-staging`;
    await succeeds(project.terraform(stack, "destroy", "-auto-approve", "-input=false", "-no-color"));
    const state = readFileSync(join(project.folder, `terraform.${stack}.tfstate`), "utf8");
    expect(JSON.parse(state).resources).to.deep.equal([]);
  });
});
