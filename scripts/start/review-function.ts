import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../infra/settings/settings.ts";

const CONSEQUENCES = {
  allow: "every message and edit is stored without a review",
  deny: "every message and edit is refused with the error internal",
} as const;

/** Returns a warning if the folder of the stack does not have the function of the setting `review`. */
export async function reviewWarning(
  stack: string,
  { review }: Pick<Environment, "review">,
): Promise<string | undefined> {
  if (!review) return undefined;
  const name = review.functionArn.split(":").at(-1) as string;
  const files = (await readdir(stack)).filter((file) => /\.tf(\.json)?$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(stack, file), "utf8")));
  const declaration = new RegExp(`function_name"?\\s*[:=]\\s*"${name}"`);
  if (texts.some((text) => declaration.test(text))) return undefined;
  return `Warning: the setting review names the function "${name}", but the Terraform of this stack does not have it: ${CONSEQUENCES[review.onFailure]} (onFailure is "${review.onFailure}"). Remove review from the environment, or run the function in the same folder: see "Review messages" in docs/settings.md.`;
}
