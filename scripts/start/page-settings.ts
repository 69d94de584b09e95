import { createServer } from "node:http";
import { close, listen } from "@serverless-chat/emulator/http-server";
import type { Environment, Settings } from "../../infra/settings/settings.ts";
import { pageFeaturesOf } from "../../infra/settings/website.ts";
import type { PageConfig } from "../../web/page-config.ts";
import { USERS } from "./issuer.ts";

/** The port itself, or a free one for 0: the origin of the page must be known before the synth. */
export async function knownPort(port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer();
  const free = await listen(server, 0);
  await close(server);
  return free;
}

/** Adds the origins of the page to the environments that check origins. */
export const allowPage = (settings: Settings, port: number): Settings => ({
  ...settings,
  environments: settings.environments.map((environment) => {
    const { allowedOrigins } = environment;
    if (!allowedOrigins) return environment;
    const own = ["127.0.0.1", "localhost"].map((host) => `http://${host}:${port}`);
    return { ...environment, allowedOrigins: [...allowedOrigins, ...own] };
  }),
});

/** How the page of an environment signs in. Undefined if it cannot: its users are those of another service. */
export function pageConfigOf(environment: Environment, hasLocalIssuer: boolean): Omit<PageConfig, "url"> | undefined {
  const features = pageFeaturesOf(environment);
  if (hasLocalIssuer) return { signIn: { kind: "development", users: USERS, tokenUrl: "/token" }, ...features };
  return environment.authentication.kind === "none" ? { signIn: { kind: "none" }, ...features } : undefined;
}
