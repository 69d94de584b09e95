import { failureCodes } from "../../chatops/failure-codes.ts";
import { ACTIONS, type Action, type Described, isAbsent, type Service } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { inserted } from "../new/changes.ts";
import { serviceRow } from "../new/service.ts";
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

/** The page shows the table of services with the service of its example. */
export function withExampleRow(page: string, services: string): string {
  const example = serviceRow({ key: "acme", value: "acme" }).reduce(inserted, services);
  return page.replace(/(<!-- file: chatops\/services\.ts -->\n```ts\n)[\s\S]*?(```)/, (_, start: string, end: string) =>
    [start, example, end].join(""),
  );
}
