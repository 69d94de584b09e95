import { basename } from "node:path";
import { type Attributes, type Resources, readConfiguration } from "./configuration.ts";
import { type FunctionConfig, functionsOf } from "./functions.ts";
import { type QueueConfig, queuesOf } from "./queues.ts";
import { resolveReferences } from "./references.ts";
import { type RouteConfig, routesOf } from "./routes.ts";
import { refuseUnsupported } from "./supported.ts";
import { type TableConfig, tablesOf } from "./tables.ts";

/** A stack as the emulator plays it. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly routeSelectionExpression: string;
  readonly routes: readonly RouteConfig[];
  readonly functions: readonly FunctionConfig[];
  readonly queues: readonly QueueConfig[];
  readonly tables: readonly TableConfig[];
}

/** An account nobody has. */
const ACCOUNT_ID = "000000000000";

/** Reads a synthesized stack. Throws, naming it, at anything that it could not play. */
export function readStack(stackDirectory: string): Stack {
  const configuration = readConfiguration(stackDirectory);
  refuseUnsupported(configuration);
  const { region } = configuration.provider.aws[0];
  const resources = resolveReferences(configuration, { region, accountId: ACCOUNT_ID });
  const api = only(resources, "aws_apigatewayv2_api");
  const stage = only(resources, "aws_apigatewayv2_stage");
  return {
    name: basename(stackDirectory),
    region,
    accountId: ACCOUNT_ID,
    apiId: String(api.id),
    stageName: String(stage.name),
    routeSelectionExpression: String(api.route_selection_expression),
    routes: routesOf(resources),
    functions: functionsOf(resources, stackDirectory),
    queues: queuesOf(resources),
    tables: tablesOf(resources),
  };
}

function only(resources: Resources, type: string): Attributes {
  const found = Object.values(resources[type] ?? {});
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`The emulator plays one ${type} of a stack; this one has ${found.length}.`);
}
