import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { App, Testing } from "cdktf";
import { services } from "../../chatops/services.ts";
import { authorizer, chatOps, routes, workers } from "../../handlers/routes.ts";
import { type Bundle, bundleHandlers } from "../../infra/bundle.ts";
import { ChatStack, type ChatStackProps } from "../../infra/chat-stack.ts";
import { environments } from "../../infra/environments.ts";
import { awsName, stackName } from "../../infra/names.ts";
import { isDeployed } from "../../infra/settings/authorization.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { websiteIn } from "../../infra/settings/website.ts";
import { readWebsite } from "../../infra/website-files.ts";
import { temporaryDirectory } from "./temporary.ts";

export const environment = environments[0] as Environment;

/** Names as the first environment has them; a project made from this one has others. */
export const STACK = stackName(environment);
export const TABLE = awsName(environment, "table");

let made: ReadonlyMap<string, Bundle> | undefined;

/** The handlers' bundles, made once for all tests. */
export function bundles(): ReadonlyMap<string, Bundle> {
  made ??= bundleHandlers(
    [...routes, ...workers, authorizer, chatOps].map(({ entry }) => entry),
    temporaryDirectory(),
  );
  return made;
}

/** The routes that the first environment has. */
export const deployed = routes.filter((route) => isDeployed(environment, route));

/** A built page, in a folder of its own. */
export function aPage(
  files: Readonly<Record<string, string>> = { "index.html": "<!doctype html>", "assets/index-B1.js": "start();" },
): string {
  const folder = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

type OwnProps = Partial<Omit<ChatStackProps, "environment">> & { readonly environment?: Partial<Environment> };

const propsOf = ({ environment: own, ...props }: OwnProps): ChatStackProps => ({
  environment: { ...environment, ...own },
  routes,
  workers,
  authorizer,
  chatOps,
  services,
  bundles: bundles(),
  websiteFiles: own && websiteIn(own) ? readWebsite(aPage()) : [],
  ...props,
});

/** The chat's stack, with settings and routes of the test's own where it has any. */
export const aChatStack = (own: OwnProps = {}): ChatStack =>
  new ChatStack(Testing.app({ outdir: temporaryDirectory() }), propsOf(own));

/** All that there is to watch a chat. */
export const WATCHED = {
  alarmEmail: "anna@example.com",
  dashboard: true,
  accessLog: true,
  tracing: true,
} satisfies Partial<Environment>;

/** Every setting that is off by itself, on. */
export const EVERYTHING = {
  ...WATCHED,
  tags: { team: "chat" },
  domain: { name: "chat.example.com", hostedZone: "example.com" },
  deletionProtection: true,
  allowedOrigins: ["https://chat.example.com", "http://localhost:5173"],
  messageRate: { perSecond: 5, burst: 20 },
  connectionsPerAddressMax: 50,
} satisfies Partial<Environment>;

/** A page with a name of its own. */
export const WEBSITE = {
  website: { domain: { name: "www.example.com", hostedZone: "example.com" } },
} satisfies Partial<Environment>;

/** Whose tokens are taken, by an environment that takes some. */
export const ISSUER = { kind: "jwt", issuer: "https://login.example.com/", audience: "chat" } as const;

/** What an environment may have that knows its users' groups. */
export const MODERATED = {
  moderators: ["moderators"],
  channelMakers: ["staff"],
  privateChannels: { "~ops": ["staff"] },
  connectionsPerUserMax: 5,
} satisfies Partial<Environment>;

/** The chat as `main.ts` synthesizes it, with bundles and settings of the test's own where it has any: the folder with its `cdk.tf.json`. */
export function synthesizedChat(own: OwnProps = {}): string {
  const app = new App({ outdir: temporaryDirectory() });
  const stack = new ChatStack(app, propsOf(own));
  app.synth();
  return join(app.outdir, "stacks", stack.node.id);
}
