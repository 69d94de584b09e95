import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { App, Testing } from "cdktf";
import { services } from "../../chatops/services.ts";
import { authorizer, chatOps, eventSender, routes, workers } from "../../handlers/routes.ts";
import { type Bundle, bundleHandlers } from "../../infra/bundle.ts";
import { ChatStack, type ChatStackProps } from "../../infra/chat-stack.ts";
import { environments } from "../../infra/environments.ts";
import { awsName, stackName } from "../../infra/names.ts";
import { isDeployed } from "../../infra/settings/combinations.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { websiteIn } from "../../infra/settings/website.ts";
import { readWebsite } from "../../infra/website-files.ts";

export const environment = environments[0] as Environment;

/** Names as the first environment has them; a project made from this one has others. */
export const STACK = stackName(environment);
export const TABLE = awsName(environment, "table");

let made: ReadonlyMap<string, Bundle> | undefined;

/** The handlers' bundles, made once for all tests. */
export function bundles(): ReadonlyMap<string, Bundle> {
  made ??= bundleHandlers(
    [...routes, ...workers, eventSender, authorizer, chatOps].map(({ entry }) => entry),
    temporaryDirectory(),
  );
  return made;
}

/** The routes that the first environment has. */
export const deployed = routes.filter((route) => isDeployed(environment, route));

/** The workers that the first environment has. */
export const deployedWorkers = workers.filter((worker) => isDeployed(environment, worker));

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
  eventSender,
  authorizer,
  chatOps,
  services,
  bundles: bundles(),
  websiteFiles: own && websiteIn(own) ? readWebsite(aPage()) : [],
  ...props,
});

/** A chat's stack. `own` overrides settings, routes and other properties. */
export const aChatStack = (own: OwnProps = {}): ChatStack =>
  withoutStackTraces(() => new ChatStack(Testing.app({ outdir: temporaryDirectory() }), propsOf(own)));

/** cdktf formats a stack trace for each token, which takes longer than the rest of the synth. No test reads them. */
function withoutStackTraces<Made>(make: () => Made): Made {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => "";
  try {
    return make();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

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
  events: true,
} satisfies Partial<Environment>;

/** A page with a name of its own. */
export const WEBSITE = {
  website: { domain: { name: "www.example.com", hostedZone: "example.com" } },
} satisfies Partial<Environment>;

/** The authentication of an environment that accepts the tokens of an issuer. */
export const ISSUER = { kind: "jwt", issuer: "https://login.example.com/", audience: "chat" } as const;

/** Settings that require authenticated users, most of them with groups. */
export const MODERATED = {
  moderators: ["moderators"],
  channelCreators: ["staff"],
  privateChannels: { "~ops": ["staff"] },
  connectionsPerUserMax: 5,
} satisfies Partial<Environment>;

/**
 * Synthesizes a chat as `main.ts` does. `own` overrides settings, bundles and other properties. Returns the folder that
 * contains `cdk.tf.json`. Without `own`, all tests share one folder, and must not change it.
 */
export function synthesizedChat(own?: OwnProps): string {
  if (own) return synthesizeChat(own);
  shared ??= synthesizeChat({});
  return shared;
}

let shared: string | undefined;

function synthesizeChat(own: OwnProps): string {
  const app = new App({ outdir: temporaryDirectory() });
  return withoutStackTraces(() => {
    const stack = new ChatStack(app, propsOf(own));
    app.synth();
    return join(app.outdir, "stacks", stack.node.id);
  });
}
