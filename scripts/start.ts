import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PLAY_FLAGS_HELP, readCommandLine } from "@serverless-chat/emulator/terminal/flags";
import { play } from "@serverless-chat/emulator/terminal/play";
import { runCommand } from "./run-command.ts";
import { admissionOf } from "./start/admission.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       which stack, where there are several (the first)
  --auth KIND        jwt: users have tokens of an issuer that is started here; none: anybody may connect
  --rotate-now NAME  let the schedule of a service come at once, such as github
${PLAY_FLAGS_HELP}`;

await runCommand(async () => {
  const { own, ...commandLine } = readCommandLine(process.argv.slice(2), { own: ["stack", "auth", "rotate-now"] });
  if (commandLine.help) return console.log(HELP);
  const { change, stop, ...admission } = await admissionOf(own.auth);
  const service = own["rotate-now"];
  try {
    const stack = await synthesizedStack(own.stack, change);
    await refuseUserPool(stack);
    const say = '{"message":"sendmessage", "data":"hello world"}';
    const fire = service === undefined ? undefined : `${basename(stack)}-${service}`;
    await play(stack, { ...commandLine, ...admission, say, fire });
  } finally {
    await stop();
  }
});

/** The emulator would name what it does not play, but not what to do about it. */
async function refuseUserPool(stack: string): Promise<void> {
  const terraform = await readFile(join(stack, "cdk.tf.json"), "utf8");
  if (!terraform.includes('"aws_cognito_user_pool"')) return;
  throw new Error(
    "This environment has its users in a Cognito user pool, which is not played here. Start with --auth jwt, for users of an issuer on this machine, or with --auth none.",
  );
}
