import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Grant, Route, Worker as WorkerRow } from "../handlers/routes.ts";
import { AlarmTarget } from "./alarm-target.ts";
import { Alarms } from "./alarms.ts";
import { useAwsProvider } from "./aws-provider.ts";
import type { Bundle } from "./bundle.ts";
import { CustomDomain } from "./custom-domain.ts";
import { Dashboard } from "./dashboard.ts";
import type { Granted } from "./grant.ts";
import { refuseLongNames, stackName, withId } from "./names.ts";
import type { Environment, StateBucket } from "./settings.ts";
import { keepStateBesideTheProject, keepStateIn } from "./state.ts";
import { Table } from "./table.ts";
import { refuseDuplicateIds } from "./unique-ids.ts";
import type { Watched } from "./watched.ts";
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
    refuseLongNames(
      environment,
      [...routes, ...workers].map(({ entry }) => entry),
    );
    const { name, region, tags, remoteState, domain } = environment;
    useAwsProvider(this, { region, tags: { ...tags, environment: name } });
    this.#keepState(remoteState ? stateBucket : undefined);
    const table = new Table(this, "table", environment);
    const api = new WebSocketApi(this, "api", environment);
    const propsOf = (row: WorkerRow) => ({
      environment,
      bundle: bundleOf(row, bundles),
      granted: row.grants.map((grant) => grantOn({ table, api, environment }, grant)),
    });
    const alarmTarget = alarmTargetOf(this, environment);
    const made = {
      routes: routes.map((route) => new WebSocketRoute(this, { api, route, ...propsOf(route) })),
      workers: workers.map((worker) => new Worker(this, { worker, alarmTarget, ...propsOf(worker) })),
    };
    this.#watch({ environment, stage: api, tableName: table.name, ...watchedOf(made) }, alarmTarget);
    const url = domain ? new CustomDomain(this, "domain", { domain, api }).url : api.url;
    this.#output("websocket_url", url, "Where clients connect");
    this.#output("management_endpoint", api.managementEndpoint, "Where the backend pushes to connections");
    this.#output("table_name", table.name, "The DynamoDB table");
  }

  #keepState(stateBucket: StateBucket | undefined): void {
    if (stateBucket) keepStateIn(stateBucket, this);
    else keepStateBesideTheProject(this);
  }

  #watch(watched: Watched, target: AlarmTarget | undefined): void {
    if (target) new Alarms(this, "alarms", { ...watched, target });
    if (watched.environment.dashboard) new Dashboard(this, "dashboard", watched);
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

function alarmTargetOf(scope: Construct, environment: Environment): AlarmTarget | undefined {
  const { alarmEmail: email } = environment;
  return email === undefined ? undefined : new AlarmTarget(scope, "alarm-target", { environment, email });
}

interface Made {
  readonly routes: readonly WebSocketRoute[];
  readonly workers: readonly Worker[];
}

const watchedOf = ({ routes, workers }: Made): Pick<Watched, "functions" | "queueNames"> => ({
  functions: [...routes, ...workers].map(({ node, functionName }) => ({ entry: node.id, functionName })),
  queueNames: workers.map(({ queueName }) => queueName),
});

function bundleOf({ entry }: WorkerRow, bundles: ReadonlyMap<string, Bundle>): Bundle {
  const bundle = bundles.get(entry);
  if (!bundle) throw new Error(`No bundle was made for handlers/${entry}.ts.`);
  return bundle;
}
