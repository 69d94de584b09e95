import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PLAY_FLAGS_HELP, readCommandLine } from "@serverless-chat/emulator/terminal/flags";
import { play } from "@serverless-chat/emulator/terminal/play";
import type { Settings } from "../infra/settings/settings.ts";
import { runCommand } from "./run-command.ts";
import { localAuthentication } from "./start/local-authentication.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       the stack (the first environment)
  --auth KIND        jwt: clients need tokens of an issuer on this machine; none: everybody can connect
  --rotate-now NAME  run the scheduled rotation of a service at once, such as github
${PLAY_FLAGS_HELP}`;

await runCommand(async () => {
  const { own, ...commandLine } = readCommandLine(process.argv.slice(2), { own: ["stack", "auth", "rotate-now"] });
  if (commandLine.help) return console.log(HELP);
  const { change, stop, ...authentication } = await localAuthentication(own.auth);
  const service = own["rotate-now"];
  try {
    const stack = await synthesizedStack(own.stack, (settings) => withoutWebsite(change(settings)));
    await refuseUserPool(stack);
    const exampleFrame = '{"message":"sendmessage", "data":"hello world"}';
    const fire = service === undefined ? undefined : `${basename(stack)}-${service}`;
    await play(stack, { ...commandLine, ...authentication, say: exampleFrame, fire });
  } finally {
    await stop();
  }
});

/** The page's distribution has no effect on this machine, and the build of the page would delay the start. */
function withoutWebsite(settings: Settings): Settings {
  const environments = settings.environments.map(({ website: _, ...environment }) => environment);
  return { ...settings, environments };
}

/** The emulator would name the resource that it cannot play, but not the flags that help. */
async function refuseUserPool(stack: string): Promise<void> {
  const terraform = await readFile(join(stack, "cdk.tf.json"), "utf8");
  if (!terraform.includes('"aws_cognito_user_pool"')) return;
  throw new Error(
    "This environment has its users in a Cognito user pool, which the emulator does not play. Start with --auth jwt for an issuer on this machine, or with --auth none.",
  );
}
