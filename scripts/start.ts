import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../emulator/terminal/command.ts";
import { PLAY_FLAGS_HELP, readCommandLine } from "../emulator/terminal/flags.ts";
import { play } from "../emulator/terminal/play.ts";
import { admissionOf } from "./start/admission.ts";
import { synthesizedStack } from "./synthesized.ts";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --stack NAME       which stack, where there are several (the first)
  --auth KIND        jwt: users have tokens of an issuer that is started here; none: anybody may connect
${PLAY_FLAGS_HELP}`;

await runCommand(async () => {
  const { own, ...commandLine } = readCommandLine(process.argv.slice(2), { own: ["stack", "auth"] });
  if (commandLine.help) return console.log(HELP);
  const { change, stop, ...admission } = await admissionOf(own.auth);
  try {
    const stack = await synthesizedStack(own.stack, change);
    await refuseUserPool(stack);
    const say = '{"message":"sendmessage", "data":"hello world"}';
    await play(stack, { ...commandLine, ...admission, say });
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
