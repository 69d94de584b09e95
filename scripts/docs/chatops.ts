import { FAILURE_CODES } from "../../chatops/failure.ts";
import { ACTIONS, type Action, type ActionDescription, isUnsupported, type Service } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { table } from "./table.ts";

const code = (text: string): string => `\`${text}\``;

function row({ actions }: Service, action: Action): readonly string[] {
  const described = actions[action];
  if (isUnsupported(described)) return [code(action), `not supported. ${described.unsupported}`, "", ""];
  const { does, endpoints, reference, needs }: ActionDescription = described;
  return [`[${code(action)}](${reference})`, does, needs, endpoints.map(code).join(", ")];
}

/** A table of the actions of each service. */
export const serviceActions = services
  .map((service) => {
    const rows = ACTIONS.map((action) => row(service, action));
    return `### ${service.title}\n${table(["action", "effect", "permissions that the credential needs", "endpoints"], rows)}`;
  })
  .join("\n");

export const failureTable = table(
  ["code", "meaning and solution"],
  Object.entries(FAILURE_CODES).map(([name, meaning]) => [code(name), meaning]),
);
