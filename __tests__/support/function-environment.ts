import { variablesOf } from "../../aws/config.ts";
import { aConfig } from "./a-config.ts";

/*
 * The environment variables of a function, for tests that import a module of handlers/: a function reads its settings when
 * its module is loaded. Import this file before such a module.
 */
process.env.AWS_REGION ??= "eu-west-2";
for (const [variable, value] of Object.entries(variablesOf(aConfig()))) process.env[variable] ??= value;
