import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Grant, Route, Worker as WorkerRow } from "../handlers/routes.ts";
import { useAwsProvider } from "./aws-provider.ts";
import type { Bundle } from "./bundle.ts";
import type { Granted } from "./grant.ts";
import { stackName, withId } from "./names.ts";
import type { Environment, StateBucket } from "./settings.ts";
import { keepStateBesideTheProject, keepStateIn } from "./state.ts";
import { Table } from "./table.ts";
import { refuseDuplicateIds } from "./unique-ids.ts";
import { WebSocketApi } from "./websocket-api.ts";
import { WebSocketRoute } from "./websocket-route.ts";
import { grantInvoke, Worker } from "./worker.ts";

export interface ChatStackProps {
  readonly environment: Environment;
  /** For the state of an environment that has `remoteState`. */
  readonly stateBucket?: StateBucket | undefined;
  readonly routes: readonly Route[];
  readonly workers: readonly WorkerRow[];
  /** The code of each route and worker, by its entry. */
  readonly bundles: ReadonlyMap<string, Bundle>;
}

/** The whole chat in one environment. */
export class ChatStack extends TerraformStack {
  constructor(scope: Construct, { environment, stateBucket, routes, workers, bundles }: ChatStackProps) {
    super(scope, stackName(environment));
    refuseDuplicateIds(this);
    const { name, region, tags, remoteState } = environment;
    useAwsProvider(this, { region, tags: { ...tags, environment: name } });
    this.#keepState(remoteState ? stateBucket : undefined);
    const table = new Table(this, "table", environment);
    const api = new WebSocketApi(this, "api", environment);
    const propsOf = (row: WorkerRow) => ({
      environment,
      bundle: bundleOf(row, bundles),
      granted: row.grants.map((grant) => grantOn({ table, api, environment }, grant)),
    });
    for (const route of routes) new WebSocketRoute(this, { api, route, ...propsOf(route) });
    for (const worker of workers) new Worker(this, { worker, ...propsOf(worker) });
    this.#output("websocket_url", api.url, "Where clients connect");
    this.#output("management_endpoint", api.managementEndpoint, "Where the backend pushes to connections");
    this.#output("table_name", table.name, "The DynamoDB table");
  }

  #keepState(stateBucket: StateBucket | undefined): void {
    if (stateBucket) keepStateIn(stateBucket, this);
    else keepStateBesideTheProject(this);
  }

  #output(id: string, value: string, description: string): void {
    withId(new TerraformOutput(this, id, { value, description }), id);
  }
}

interface Grantors {
  readonly table: Table;
  readonly api: WebSocketApi;
  readonly environment: Environment;
}

function grantOn({ table, api, environment }: Grantors, grant: Grant): Granted {
  if (grant === "push") return api.grantPush();
  return grant === "invoke fan-out" ? grantInvoke(environment, "fan-out") : table.grant(grant);
}

function bundleOf({ entry }: WorkerRow, bundles: ReadonlyMap<string, Bundle>): Bundle {
  const bundle = bundles.get(entry);
  if (!bundle) throw new Error(`No bundle was made for handlers/${entry}.ts.`);
  return bundle;
}
