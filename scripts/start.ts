import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PLAY_FLAGS_HELP, readCommandLine } from "@serverless-chat/emulator/terminal/flags";
import type { Environment } from "../infra/settings/settings.ts";
import { runCommand } from "./run-command.ts";
import { deployedProject, developedProject, type LocalProject } from "./start/local-project.ts";
import type { Page, PageOptions } from "./start/page.ts";

const HELP = `Runs the stack on this machine: synthesizes it, builds the functions, and starts the emulator. Applies changes of the
code and of the Terraform while connections stay open.

  npm start -- [flags]

  --stack NAME       the stack (the first environment)
  --auth KIND        jwt: clients need tokens of an issuer on this machine; none: everybody can connect
  --no-watch         do not apply changes; run the archives that are deployed
  --no-web           do not serve the page
  --rotate-now NAME  run the scheduled rotation of a service at once, such as github
${PLAY_FLAGS_HELP}`;

/** The names that the chat generates for anonymous users. */
const GUEST_NAMES = /guest-[a-z\d]{6}/;

type CommandLine = ReturnType<typeof readCommandLine>;

await runCommand(async () => {
  const commandLine = readCommandLine(process.argv.slice(2), {
    own: ["stack", "auth", "rotate-now"],
    ownSwitches: ["no-web", "no-watch"],
  });
  if (commandLine.help) return console.log(HELP);
  const project = commandLine.ownSwitches.includes("no-watch") ? deployedProject() : developedProject();
  try {
    await playProject(project, commandLine);
  } finally {
    await project.stop();
  }
});

/** Imports late, so that modules load while the synthesis runs in its own process. */
async function playProject(project: LocalProject, { own, ownSwitches, ...flags }: CommandLine): Promise<void> {
  const { knownPort } = await import("./start/page-settings.ts");
  const { localAuthentication } = await import("./start/issuer.ts");
  const hasPage = !ownSwitches.includes("no-web");
  const port = hasPage ? await knownPort(flags.port) : flags.port;
  const { replacement, tokenFor, tryWith, stop } = await localAuthentication(own.auth, () => project.environments);
  try {
    const pagePort = hasPage ? port : undefined;
    const loading = project.load({ stack: own.stack, pagePort, authentication: replacement });
    const [stack, { play }] = await Promise.all([loading, import("@serverless-chat/emulator/terminal/play")]);
    await refuseUserPool(stack);
    await warnOfReview(stack, project);
    const page = hasPage ? await pageOf(stack, { project, tokenFor, hasLocalIssuer: own.auth === "jwt" }) : undefined;
    const service = own["rotate-now"];
    await play(stack, {
      ...flags,
      ...project.playOptions,
      port,
      replayIds: flags.replayIds ?? GUEST_NAMES,
      ...(tryWith && { tryWith }),
      say: '{"message":"sendmessage", "data":"hello world"}',
      fire: service === undefined ? undefined : `${basename(stack)}-${service}`,
      serveElsewhere: page?.serve,
      onGreeted: () => page?.build(),
    });
  } finally {
    await stop();
  }
}

interface PageOf extends Pick<PageOptions, "tokenFor"> {
  readonly project: LocalProject;
  readonly hasLocalIssuer: boolean;
}

/** Without the function, the review of each message fails, which looks like a fault of the chat. */
async function warnOfReview(stack: string, project: LocalProject): Promise<void> {
  const { reviewWarning } = await import("./start/review-function.ts");
  const environment = await environmentOf(stack, project);
  const warning = environment && (await reviewWarning(stack, environment));
  if (warning) console.warn(warning);
}

async function environmentOf(stack: string, { environments }: LocalProject): Promise<Environment | undefined> {
  const { stackName } = await import("../infra/names.ts");
  return environments.find((each) => stackName(each) === basename(stack));
}

/** The page of a stack. Undefined if the users of its environment cannot sign in here. */
async function pageOf(stack: string, { project, tokenFor, hasLocalIssuer }: PageOf): Promise<Page | undefined> {
  const { pageConfigOf } = await import("./start/page-settings.ts");
  const { createPage } = await import("./start/page.ts");
  const environment = await environmentOf(stack, project);
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
