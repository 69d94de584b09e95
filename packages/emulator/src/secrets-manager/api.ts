import type { Guard } from "../iam/guard.ts";
import type { ServiceHandler, ServiceRequest, ServiceResponse } from "../service.ts";
import type { Place } from "../terraform/computed.ts";
import { accessesOf } from "./access.ts";
import { SecretsManagerError } from "./errors.ts";
import { operations, type Parameters, WRITES } from "./operations.ts";
import type { Vault } from "./vault.ts";

export interface SecretsManagerOptions {
  readonly vault: Vault;
  readonly place: Place;
  readonly guard: Guard;
  /** Takes a sentence about what is not played. */
  readonly report: (sentence: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Before the name of the operation in a request. */
export const TARGET = "secretsmanager.";

interface Call {
  readonly operation: string;
  readonly parameters: Parameters;
}

/** Plays Secrets Manager: JSON 1.1, every error with the status 400. https://docs.aws.amazon.com/secretsmanager/latest/apireference */
export const secretsManagerService =
  (options: SecretsManagerOptions): ServiceHandler =>
  (request) => {
    try {
      const call = readCall(request);
      return refusalOf(request, { ...options, call }) ?? answer(call, options);
    } catch (fault) {
      if (fault instanceof SecretsManagerError) return refuse(fault.type, { Message: fault.message });
      throw fault;
    }
  };

function readCall({ headers, body }: ServiceRequest): Call {
  const operation = String(headers["x-amz-target"]).slice(TARGET.length);
  try {
    const parameters = JSON.parse(body.toString("utf8"));
    if (typeof parameters === "object" && parameters !== null) return { operation, parameters };
  } catch {
    // Its words would quote the body, which may hold a secret.
  }
  throw new SecretsManagerError("SerializationException", "The body is no JSON object.");
}

/** Who may not do it is told before what is wrong with it. */
function refusalOf(
  request: ServiceRequest,
  { call, guard, ...around }: SecretsManagerOptions & { readonly call: Call },
): ServiceResponse | undefined {
  const verdict = guard(request, accessesOf(call, around));
  if ("principal" in verdict) return undefined;
  const { errorType, message, access } = verdict;
  return refuse(errorType, access ? { Message: message } : { message });
}

function answer(call: Call, { vault, report, now }: SecretsManagerOptions): ServiceResponse {
  const run = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
  if (!run) {
    const known = Object.keys(operations).join(", ");
    const message = `The emulator's Secrets Manager does not know the operation ${call.operation}. It knows ${known}.`;
    report(message);
    throw new SecretsManagerError("UnknownOperationException", message);
  }
  const { SecretId } = call.parameters;
  const result = run(vault.get(String(SecretId)), call.parameters, now());
  if (WRITES.includes(call.operation)) vault.save();
  return respond(200, result);
}

const refuse = (type: string, text: object): ServiceResponse => respond(400, { __type: type, ...text });

const respond = (status: number, body: object): ServiceResponse => ({
  status,
  headers: { "Content-Type": "application/x-amz-json-1.1" },
  body: JSON.stringify(body),
});
