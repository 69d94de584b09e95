import { failureCodes } from "../../chatops/failure-codes.ts";
import { ACTIONS, type Action, type Described, isAbsent, type Service } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { table } from "./table.ts";

const code = (text: string): string => `\`${text}\``;

function row({ actions }: Service, action: Action): readonly string[] {
  const described = actions[action];
  if (isAbsent(described)) return [code(action), `absent. ${described.absent}`, "", ""];
  const { does, endpoints, reference, needs }: Described = described;
  return [`[${code(action)}](${reference})`, does, needs, endpoints.map(code).join(", ")];
}

/** What each service can do, for who enables it. */
export const serviceActions = services
  .map((service) => {
    const rows = ACTIONS.map((action) => row(service, action));
    return `### ${service.title}\n${table(["action", "what it does", "what the credential needs", "endpoints"], rows)}`;
  })
  .join("\n");

export const failureTable = table(
  ["code", "what it means, and what helps"],
  Object.entries(failureCodes).map(([name, meaning]) => [code(name), meaning]),
);
