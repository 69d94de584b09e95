import type { PageConfig } from "./page-config.ts";

const CONFIG_PATH = "/config.json";

/** Reads the settings. Rejects with a message for the user. */
export async function readConfig(): Promise<PageConfig> {
  const response = await fetch(CONFIG_PATH, { cache: "no-store" });
  if (!response.ok) throw new Error(`${CONFIG_PATH} could not be read: the server answered ${response.status}.`);
  const config: Partial<PageConfig> = await response.json();
  if (!/^wss?:\/\//.test(config.url ?? "")) {
    throw new Error(`"url" in ${CONFIG_PATH} is ${JSON.stringify(config.url)}. It must begin with wss:// or ws://.`);
  }
  const kind = config.signIn?.kind;
  if (kind !== "none" && kind !== "cognito" && kind !== "development") {
    const kinds = "none, cognito or development";
    throw new Error(`"signIn.kind" in ${CONFIG_PATH} is ${JSON.stringify(kind)}. It must be ${kinds}.`);
  }
  return config as PageConfig;
}
