import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const { CHROMIUM = "/usr/bin/chromium" } = process.env;

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium of this machine, or the one at the path in `CHROMIUM`. */
export function launchChromium(): Promise<Browser> {
  if (existsSync(CHROMIUM)) return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  throw new Error(
    `There is no Chromium at ${CHROMIUM}. Install it with: apt-get update && apt-get install -y --no-install-recommends chromium. If it is somewhere else, set the environment variable CHROMIUM to its path.`,
  );
}
