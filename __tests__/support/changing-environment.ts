import { copyFileSync, cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderOf } from "@serverless-chat/emulator/testing/files";
import { expect } from "chai";
import { PROJECT } from "../../infra/environments.ts";
import { createHostedZone, setLogsRole } from "./moto/account-setup.ts";
import { type MotoProxy, startMotoProxy } from "./moto/proxy.ts";
import { smallChat } from "./small-chat.ts";
import { EVERYTHING, environment } from "./synthesized.ts";
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
  const project = terraformProject(chat.folder, proxy);
  // In this process, because a process for each synthesis takes three times the CPU time.
  const { synthesize } = await importedFrom(chat.folder);
  const stateOf = (name: string): string => join(chat.folder, `terraform.${PROJECT}-${name}.tfstate`);
  let name = "dev";
  let page = "";
  const run = (command: string, ...flags: string[]): Promise<string> =>
    succeeds(project.terraform(`${PROJECT}-${name}`, command, ...flags, "-input=false", "-no-color"));

  return {
    async apply(settings) {
      // JSON has no members that are undefined.
      const environments = [JSON.parse(JSON.stringify({ ...environment, name, ...settings }))];
      await synthesize(
        { project: PROJECT, environments, stateBucket: undefined },
        {
          folder: join(chat.folder, "cdktf.out"),
          buildWebsite: async (folder) => cpSync(page, folder, { recursive: true }),
        },
      );
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
      page = folderOf(files);
    },
    awsUrl: proxy.url,
    stop: () => proxy.stop(),
  };
}

/** The modules of a copy, which have its routes. */
const importedFrom = (folder: string): Promise<typeof import("../../infra/synthesize.ts")> =>
  import(pathToFileURL(join(folder, "infra", "synthesize.ts")).href);
