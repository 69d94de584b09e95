import { startCircleCi } from "./circleci.ts";
import { startGitHub } from "./github.ts";
import { startJenkins } from "./jenkins.ts";
import type { ServiceStandIn } from "./service-stand-in.ts";
import { startTravis } from "./travis.ts";

/** A stand-in for every service, by its key. */
export const standIns: Readonly<Record<string, () => Promise<ServiceStandIn>>> = {
  github: startGitHub,
  circleci: startCircleCi,
  travis: startTravis,
  jenkins: startJenkins,
};

/** For those that can rotate. */
export const rotatingStandIns = Object.entries(standIns).filter(([key]) => key !== "travis");
