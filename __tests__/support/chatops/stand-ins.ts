import { isAbsent } from "../../../chatops/service.ts";
import { services } from "../../../chatops/services.ts";
import { startCircleCi } from "./circleci.ts";
import { startGitHub } from "./github.ts";
import { startJenkins } from "./jenkins.ts";
import type { StartService } from "./service-stand-in.ts";
import { startTravis } from "./travis.ts";

/** A stand-in for every service, by its key. */
export const standIns: Readonly<Record<string, StartService>> = {
  github: startGitHub,
  circleci: startCircleCi,
  travis: startTravis,
  jenkins: startJenkins,
};

/** Of the services that can rotate. */
export const rotatingStandIns = services
  .filter(({ actions }) => !isAbsent(actions.rotate))
  .map(({ key }) => [key, standInOf(key)] as const);

/** Throws where there is none: a service that nothing stands in for is under no test. */
export function standInOf(key: string): StartService {
  const start = standIns[key];
  if (!start) throw new Error(`Nothing stands in for ${key}: add a row to __tests__/support/chatops/stand-ins.ts.`);
  return start;
}
