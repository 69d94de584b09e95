import { circleci } from "./circleci/circleci.ts";
import { github } from "./github/github.ts";
import { jenkins } from "./jenkins/jenkins.ts";
import type { Service } from "./service.ts";
import { travis } from "./travis/travis.ts";

/** Every service that chat-ops knows. A new one is a folder beside this file, and a row here. */
export const services: readonly Service[] = [github, circleci, travis, jenkins];
