import { pause, region, secretsManagerEndpoint } from "./runtime.ts";
import { type Answer, type Service, signedRequests } from "./signed-requests.ts";
import { credentials } from "./table/table.ts";

/** Does one operation of Secrets Manager. Rejects where it does not come about, with a name and never with a value. */
export type SecretsManager = (operation: string, parameters: object) => Promise<Readonly<Record<string, unknown>>>;

const ATTEMPTS_MAX = 3;
const PAUSE_MILLISECONDS = 200;

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
const WORTH_ANOTHER = ["ThrottlingException", "InternalServiceError"];

/** JSON 1.1 over our own signed requests: the SDK's client would make the bundle larger than all others. */
export function secretsManagerAt(place: Omit<Service, "name">): SecretsManager {
  const send = signedRequests({ ...place, name: "secretsmanager" });
  return async (operation, parameters) => {
    const headers = { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": `secretsmanager.${operation}` };
    const body = JSON.stringify(parameters);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send({ path: "/", headers, body }).catch((fault) => ({
        ...NO_ANSWER,
        body: faultName(fault),
      }));
      if (answer.status === 200) return JSON.parse(answer.body);
      const name = nameIn(answer);
      const isWorthAnother = answer.status === 0 || answer.status >= 500 || WORTH_ANOTHER.includes(name);
      if (attempt === ATTEMPTS_MAX || !isWorthAnother) throw new SecretsManagerFault(operation, name);
      await pause(attempt * PAUSE_MILLISECONDS);
    }
  };
}

class SecretsManagerFault extends Error {
  constructor(operation: string, reason: string) {
    super(`Secrets Manager did not do ${operation}: ${reason}`);
    this.name = "SecretsManagerFault";
  }
}

const NO_ANSWER: Omit<Answer, "body"> = { status: 0, errorType: undefined };

const faultName = (fault: NodeJS.ErrnoException): string => fault.code ?? fault.name;

/** JSON 1.1 has the name of an error in the body, maybe behind the name of a package. */
function nameIn({ status, body }: Answer): string {
  if (status === 0) return body;
  return /"__type"\s*:\s*"(?:[^"]*#)?(\w+)"/.exec(body)?.[1] ?? String(status);
}

let own: SecretsManager | undefined;

/** The function's own. */
export const secretsManager: SecretsManager = (operation, parameters) => {
  own ??= secretsManagerAt({ endpoint: secretsManagerEndpoint(), region: region(), credentials });
  return own(operation, parameters);
};
