import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PLAY_FLAGS_HELP, readCommandLine } from "@serverless-chat/emulator/terminal/flags";
import { play } from "@serverless-chat/emulator/terminal/play";
import type { Environment, Settings } from "../infra/settings/settings.ts";
import { runCommand } from "./run-command.ts";
import { localAuthentication } from "./start/issuer.ts";
import { createPage, type Page, type PageOptions } from "./start/page.ts";
import { allowPage, knownPort, pageConfigOf } from "./start/page-settings.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       the stack (the first environment)
  --auth KIND        jwt: clients need tokens of an issuer on this machine; none: everybody can connect
  --no-web           do not serve the page
  --rotate-now NAME  run the scheduled rotation of a service at once, such as github
${PLAY_FLAGS_HELP}`;

/** The names that the chat generates for anonymous users. */
const GUEST_NAMES = /guest-[a-z\d]{6}/;

await runCommand(async () => {
  const { own, ownSwitches, ...commandLine } = readCommandLine(process.argv.slice(2), {
    own: ["stack", "auth", "rotate-now"],
    ownSwitches: ["no-web"],
  });
  if (commandLine.help) return console.log(HELP);
  const hasPage = !ownSwitches.includes("no-web");
  const port = hasPage ? await knownPort(commandLine.port) : commandLine.port;
  const { change, stop, tokenFor, tryWith } = await localAuthentication(own.auth);
  const service = own["rotate-now"];
  try {
    let environments: readonly Environment[] = [];
    const stack = await synthesizedStack(own.stack, (settings) => {
      const changed = withoutWebsite(change(hasPage ? allowPage(settings, port) : settings));
      ({ environments } = changed);
      return changed;
    });
    await refuseUserPool(stack);
    const page = hasPage
      ? await pageOf(stack, { environments, tokenFor, hasLocalIssuer: own.auth === "jwt" })
      : undefined;
    const exampleFrame = '{"message":"sendmessage", "data":"hello world"}';
    const fire = service === undefined ? undefined : `${basename(stack)}-${service}`;
    await play(stack, {
      ...commandLine,
      port,
      replayIds: commandLine.replayIds ?? GUEST_NAMES,
      ...(tryWith && { tryWith }),
      say: exampleFrame,
      fire,
      serveElsewhere: page?.serve,
      onGreeted: () => page?.build(),
    });
  } finally {
    await stop();
  }
});

/** This machine serves the page itself, without a distribution. */
function withoutWebsite(settings: Settings): Settings {
  const environments = settings.environments.map(({ website: _, ...environment }) => environment);
  return { ...settings, environments };
}

interface PageOf extends Pick<PageOptions, "tokenFor"> {
  readonly environments: readonly Environment[];
  readonly hasLocalIssuer: boolean;
}

/** The page of a stack. Undefined if the users of its environment cannot sign in here. */
async function pageOf(stack: string, { environments, tokenFor, hasLocalIssuer }: PageOf): Promise<Page | undefined> {
  const { stackName } = await import("../infra/names.ts");
  const environment = environments.find((each) => stackName(each) === basename(stack));
  const config = environment && pageConfigOf(environment, hasLocalIssuer);
  return config && createPage({ stageName: environment.stageName, config, tokenFor });
}

/** The emulator would name the resource that it cannot play, but not the flags that help. */
async function refuseUserPool(stack: string): Promise<void> {
  const terraform = await readFile(join(stack, "cdk.tf.json"), "utf8");
  if (!terraform.includes('"aws_cognito_user_pool"')) return;
  throw new Error(
    "This environment has its users in a Cognito user pool, which the emulator does not play. Start with --auth jwt for an issuer on this machine, or with --auth none.",
  );
}
