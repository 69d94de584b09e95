import { circleci } from "./circleci/circleci.ts";
import { github } from "./github/github.ts";
import { jenkins } from "./jenkins/jenkins.ts";
import type { Service } from "./service.ts";
import { travis } from "./travis/travis.ts";

/** The services of chat-ops. To add one, add a folder next to this file and a row here. */
export const services: readonly Service[] = [github, circleci, travis, jenkins];
