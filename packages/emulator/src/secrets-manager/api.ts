import type { ServiceHandler, ServiceRequest, ServiceResponse } from "../http-server.ts";
import type { Guard } from "../iam/guard.ts";
import type { Place } from "../terraform/computed.ts";
import { accessesOf, operations, type Parameters, text, WRITES } from "./operations.ts";
import { SecretsManagerError } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";

export interface SecretsManagerOptions {
  readonly secretStore: SecretStore;
  readonly place: Place;
  readonly guard: Guard;
  /** Receives an explanation of each request that is not supported. */
  readonly report: (sentence: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The prefix of the operation's name in a request. */
export const TARGET = "secretsmanager.";

interface Call {
  readonly operation: string;
  readonly parameters: Parameters;
}

/** Plays Secrets Manager: JSON 1.1, and every error has the status 400. https://docs.aws.amazon.com/secretsmanager/latest/apireference */
export const secretsManagerService =
  (options: SecretsManagerOptions): ServiceHandler =>
  (request) => {
    try {
      const call = readCall(request);
      return authorizationError(request, { ...options, call }) ?? perform(call, options);
    } catch (fault) {
      if (fault instanceof SecretsManagerError) return failure(fault.type, { Message: fault.message });
      throw fault;
    }
  };

function readCall({ headers, body }: ServiceRequest): Call {
  const operation = String(headers["x-amz-target"]).slice(TARGET.length);
  try {
    const parameters = JSON.parse(body.toString("utf8"));
    if (typeof parameters === "object" && parameters !== null) return { operation, parameters };
  } catch {
    // The message of the error would quote the body, which can contain a secret.
  }
  throw new SecretsManagerError("SerializationException", "The request body must be a JSON object.");
}

/** As in AWS, permissions are checked before parameters. */
function authorizationError(
  request: ServiceRequest,
  { call, guard, ...around }: SecretsManagerOptions & { readonly call: Call },
): ServiceResponse | undefined {
  const verdict = guard(request, accessesOf(call, around));
  if ("principal" in verdict) return undefined;
  const { errorType, message, access } = verdict;
  return failure(errorType, access ? { Message: message } : { message });
}

function perform(call: Call, { secretStore, report, now }: SecretsManagerOptions): ServiceResponse {
  const operation = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
  if (!operation) {
    const supported = Object.keys(operations).join(", ");
    const message = `The emulator's Secrets Manager does not support the operation ${call.operation}. It supports ${supported}.`;
    report(message);
    throw new SecretsManagerError("UnknownOperationException", message);
  }
  const { SecretId } = call.parameters;
  const result = operation(secretStore.get(text(SecretId, "SecretId")), call.parameters, now());
  if (WRITES.includes(call.operation)) secretStore.save();
  return respond(200, result);
}

const failure = (type: string, text: object): ServiceResponse => respond(400, { __type: type, ...text });

const respond = (status: number, body: object): ServiceResponse => ({
  status,
  headers: { "Content-Type": "application/x-amz-json-1.1" },
  body: JSON.stringify(body),
});
