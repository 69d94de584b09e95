import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT } from "../../infra/environments.ts";
import { createHostedZone, setLogsRole } from "./moto/account-setup.ts";
import { type MotoProxy, startMotoProxy } from "./moto/proxy.ts";
import { smallChat } from "./small-chat.ts";
import { EVERYTHING } from "./synthesized.ts";
import { changesNothing, succeeds, terraformProject } from "./terraform-project.ts";

type Settings = Readonly<Record<string, unknown>>;

/** An environment of a small chat that a test deploys repeatedly with other settings. */
export interface ChangingEnvironment {
  /** Applies new settings, and expects that the next plan is empty. */
  apply(settings: Settings): Promise<void>;
  /** Renames the environment, which keeps its state. */
  rename(name: string): void;
  /** Destroys it, and expects an empty state. */
  destroy(): Promise<void>;
  /** Replaces the build of the page by one that writes these files. */
  buildPage(files: Readonly<Record<string, string>>): void;
  /** Where AWS's APIs are. */
  readonly awsUrl: string;
  stop(): Promise<void>;
}

/** A route that exists only with the setting `moderators`. */
const KICK =
  '  { key: "kick", entry: "kick", does: "", timeoutSeconds: 10, grants: ["close kicked"], settings: [["metricsNamespace", "managementEndpoint", "moderators"]], needs: "moderators" },';

/** A function that exists only with the setting `publish`. */
const PUBLISH =
  '  { entry: "publish", does: "", timeoutSeconds: 50, grants: ["claim published"], settings: [["publishRules"]], needs: "publish" },';

/** In a separate account, because tests run in parallel. */
export async function changingEnvironment(account: string): Promise<ChangingEnvironment> {
  const chat = smallChat();
  const proxy: MotoProxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, account, {
    folder: () => chat.folder,
  });
  chat.edit("handlers/routes.ts", /(?=\n\];\n\n[^\n]*\nexport const workers)/, `\n${KICK}`);
  chat.edit("handlers/routes.ts", /(?<=export const workers: [^\n]*\n)/, `${PUBLISH}\n`);
  chat.writeHandler("publish", "");
  await createHostedZone(proxy.url, EVERYTHING.domain.hostedZone);
  await setLogsRole(proxy.url, account);
  const project = terraformProject(chat.folder, proxy.url);
  const file = join(chat.folder, "infra", "environments.ts");
  const original = readFileSync(file, "utf8");
  const stateOf = (name: string): string => join(chat.folder, `terraform.${PROJECT}-${name}.tfstate`);
  let name = "dev";
  const run = (command: string, ...flags: string[]): Promise<string> =>
    succeeds(project.terraform(`${PROJECT}-${name}`, command, ...flags, "-input=false", "-no-color"));

  return {
    async apply(settings) {
      const changed = JSON.stringify({ name, ...settings });
      writeFileSync(file, `${original}\nObject.assign(environments[0] as object, ${changed});\n`);
      await succeeds(project.synthesize());
      if (!existsSync(join(project.stackFolder(`${PROJECT}-${name}`), ".terraform"))) await run("init");
      await run("apply", "-auto-approve");
      await changesNothing(project, `${PROJECT}-${name}`);
    },
    rename(to) {
      copyFileSync(stateOf(name), stateOf(to));
      name = to;
    },
    async destroy() {
      await run("destroy", "-auto-approve");
      expect(JSON.parse(readFileSync(stateOf(name), "utf8")).resources).to.deep.equal([]);
    },
    buildPage(files) {
      writeFileSync(join(chat.folder, "scripts", "build-web.ts"), pageBuild(files));
    },
    awsUrl: proxy.url,
    stop: () => proxy.stop(),
  };
}

/** A script that writes a page. */
const pageBuild = (files: Readonly<Record<string, string>>): string => `
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export async function buildWeb(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(${JSON.stringify(files)} as Record<string, string>)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
`;
