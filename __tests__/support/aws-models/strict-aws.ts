import { CERTIFICATES } from "../aws-order/certificates.ts";
import { controlPlane, type OrderRules, type Send } from "../aws-order/control-plane.ts";
import { EXECUTION_RIGHTS } from "../aws-order/execution-rights.ts";
import { GATEWAY_REFERENCES } from "../aws-order/gateway-references.ts";
import { SECRET_KEYS } from "../aws-order/secret-keys.ts";
import type { Call, HttpRequest, Problem } from "./call.ts";
import { CLOUDWATCH } from "./limits/cloudwatch.ts";
import { GATEWAY } from "./limits/gateway.ts";
import { LAMBDA } from "./limits/lambda.ts";
import { limitProblems } from "./limits/limit.ts";
import { SERVICES } from "./limits/services.ts";
import { tagProblems } from "./limits/tags.ts";
import { WEBSITE } from "./limits/website.ts";
import { untranslated } from "./patterns.ts";
import { policiesOf, policyProblems } from "./policies.ts";
import { type Refusal, refusalOf, written } from "./refusal.ts";
import { readCall } from "./request.ts";
import { shapeProblems } from "./shapes.ts";
import { emptyTally, type Tally } from "./tally.ts";
import { terraformAddress } from "./terraform-address.ts";

const LIMITS = [...LAMBDA, ...GATEWAY, ...CLOUDWATCH, ...SERVICES, ...WEBSITE];

const ORDER: OrderRules = { ...GATEWAY_REFERENCES, ...EXECUTION_RIGHTS, ...SECRET_KEYS, ...CERTIFICATES };

/** How often a request is rejected with the code that the provider retries. */
const REPEATS_MAX = 4;

/** AWS's published rules, for a control plane that does not check them. */
export interface StrictAws {
  /** AWS's error, where AWS would reject the request. */
  refusal(request: HttpRequest): Promise<Refusal | undefined>;
  readonly tally: Tally;
}

/** The violations of AWS's models and documentation in a call, without reading other resources. */
export async function callProblems(call: Call, tally: Tally = emptyTally()): Promise<readonly Problem[]> {
  const structural = [...call.unknown, ...shapeProblems(call, tally.patterned)];
  // Later checks rely on the types.
  if (structural.length > 0) return structural;
  const policies = policiesOf(call);
  tally.policies += policies.length;
  return [
    ...limitProblems(LIMITS, call),
    ...tagProblems(call),
    ...(await Promise.all(policies.map(policyProblems))).flat(),
  ];
}

/** Checks requests before they are sent. `folder` has the synthesized Terraform, for the addresses in messages. */
export function strictAws(send: Send, folder: () => string | undefined): StrictAws {
  const tally = emptyTally();
  const repeats = new Map<string, number>();

  const problemsOf = async (call: Call): Promise<readonly Problem[]> => {
    const problems = await callProblems(call, tally);
    if (problems.length > 0) return problems;
    return (await ORDER[`${call.service}.${call.operation}`]?.(call, controlPlane(send, call.region))) ?? [];
  };

  /** The provider retries some codes for minutes. AWS always returns the same code; here, another code ends the retries. */
  const isRepeated = ({ method, url, body }: HttpRequest): boolean => {
    const key = `${method} ${url} ${body}`;
    const count = (repeats.get(key) ?? 0) + 1;
    repeats.set(key, count);
    return count > REPEATS_MAX;
  };

  const read = (request: HttpRequest): Call | Refusal => {
    try {
      return readCall(request);
    } catch (fault) {
      const { message } = fault as Error;
      tally.unreadable.add(message);
      return written("rest-json", { status: 400, code: "UnknownOperationException", message });
    }
  };

  return {
    tally,
    async refusal(request) {
      tally.requests += 1;
      const call = read(request);
      if (!("operation" in call)) return call;
      tally.services.add(call.service);
      tally.operations.add(`${call.service} ${call.operation}`);
      const problems = await problemsOf(call);
      for (const pattern of untranslated) tally.unreadable.add(`The pattern ${pattern} cannot be checked.`);
      if (problems.length === 0) return undefined;
      const message = sentences(call, problems, folder());
      tally.violations.add(message);
      if (isRepeated(request))
        return refusalOf(call, [{ ...(problems[0] as Problem), code: "RejectedRepeatedly" }], message);
      return refusalOf(call, problems, message);
    },
  };
}

/** Names service, operation, member, value, rule and Terraform address. */
function sentences(call: Call, problems: readonly Problem[], folder: string | undefined): string {
  const each = problems.map(({ member, problem, rule }) => `${`${member} ${problem}`.trim()} (rule: ${rule})`);
  return `${call.service} ${call.operation}: ${each.join("; ")}. Terraform: ${terraformAddress(call, folder)}.`;
}
