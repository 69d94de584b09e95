import { FAILURE_CODES } from "../../chatops/failure.ts";
import { ACTIONS, type Action, type ActionDescription, isUnsupported, type Service } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { inserted } from "../new/changes.ts";
import { serviceRow } from "../new/service.ts";
import { table } from "./markdown.ts";

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

/** The page shows the table of services with the service of its example. */
export function withExampleRow(page: string, services: string): string {
  const example = serviceRow({ key: "acme", value: "acme" }).reduce(inserted, services);
  return page.replace(/(<!-- file: chatops\/services\.ts -->\n```ts\n)[\s\S]*?(```)/, (_, start: string, end: string) =>
    [start, example, end].join(""),
  );
}
