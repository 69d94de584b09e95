import { isUnsupported } from "../../../chatops/service.ts";
import { services } from "../../../chatops/services.ts";
import { startCircleCi } from "./circleci.ts";
import { startGitHub } from "./github.ts";
import { startJenkins } from "./jenkins.ts";
import type { StartService } from "./service-stand-in.ts";
import { startTravis } from "./travis.ts";

/** A stand-in for each service, by service key. */
export const standIns: Readonly<Record<string, StartService>> = {
  github: startGitHub,
  circleci: startCircleCi,
  travis: startTravis,
  jenkins: startJenkins,
};

/** The stand-ins of services that support rotation. */
export const rotatingStandIns = services
  .filter(({ actions }) => !isUnsupported(actions.rotate))
  .map(({ key }) => [key, standInOf(key)] as const);

/** Throws if the service has no stand-in, because the tests could not cover it. */
export function standInOf(key: string): StartService {
  const start = standIns[key];
  if (!start)
    throw new Error(`The service ${key} has no stand-in. Add a row to __tests__/support/chatops/stand-ins.ts.`);
  return start;
}
