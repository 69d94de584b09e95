/** Runs a command to its end. An error becomes one line on the terminal, with a line for each item of its list, and exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  // The SDK warns of Node versions that it will leave. What is deployed runs on Lambda's Node, not on this machine's.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  try {
    await command();
  } catch (fault) {
    console.error((fault as Error).message.replaceAll(/\s*\n(?! {2}- )\s*/g, " "));
    process.exitCode = 1;
  }
}
