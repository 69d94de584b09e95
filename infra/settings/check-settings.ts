import * as v from "valibot";
import { refusalOf } from "./combinations.ts";
import { group } from "./rules.ts";
import { bucketSchema, type Environment, environmentSchema, namePart, type Settings } from "./settings.ts";

/** Throws if AWS would refuse a setting. The error has each setting, what was received, what is allowed, and what to do. */
export function checkSettings({ project, environments, stateBucket }: Settings): void {
  check(group({ PROJECT: namePart }), { PROJECT: project }, "The project");
  if (stateBucket) check(bucketSchema, stateBucket, "STATE_BUCKET");
  for (const [index, environment] of environments.entries()) {
    refuseRemoved(environment);
    check(environmentSchema, environment, `The environment "${environment.name}"`);
    const others = environments.slice(0, index);
    const wrong = refusalOf(environment, { project, others, stateBucket });
    if (wrong) throw new Error(`The environment "${environment.name}" has ${wrong}. ${REMEDY}`);
  }
}

/** Settings of earlier versions, each with what to do instead. */
const REMOVED = {
  apiGatewayLogsRole:
    "The role is now in the bootstrap stack. Before the next deploy, move it as described in docs/deploy.md#move-the-log-role-to-the-bootstrap-stack",
};

function refuseRemoved(environment: Environment): void {
  for (const [setting, remedy] of Object.entries(REMOVED)) {
    if (!(setting in environment)) continue;
    throw new Error(
      `The environment "${environment.name}" has the setting ${setting}, which no longer exists. Remove it from infra/environments.ts. ${remedy}.`,
    );
  }
}

const REMEDY = "Change it in infra/environments.ts.";

function check(schema: v.GenericSchema, value: unknown, where: string): void {
  const { issues = [] } = v.safeParse(schema, value, { abortPipeEarly: true });
  if (issues.length === 0) return;
  const wrong = issues.map((issue) => `  ${v.getDotPath(issue)} is ${receivedOf(issue)}; allowed: ${issue.message}.`);
  throw new Error(`${where} has invalid settings. ${REMEDY}\n${wrong.join("\n")}`);
}

const RECEIVED_CHARACTERS_MAX = 200;

function receivedOf({ path }: v.BaseIssue<unknown>): string {
  const received = JSON.stringify(path?.at(-1)?.value) ?? "missing";
  const isLong = received.length > RECEIVED_CHARACTERS_MAX;
  return isLong ? `${received.slice(0, RECEIVED_CHARACTERS_MAX)}… (${received.length} characters)` : received;
}
