import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Grant } from "../handlers/grants.ts";
import type { Route, Worker as WorkerRow } from "../handlers/routes.ts";
import { Admission } from "./admission.ts";
import { closesAtExpiry } from "./authentication.ts";
import { isDeployed, moderatorsOf } from "./authorization.ts";
import { useAwsProvider } from "./aws-provider.ts";
import type { Bundle } from "./bundle.ts";
import type { Granted } from "./grant.ts";
import { stackName, withId } from "./names.ts";
import type { Environment, StateBucket } from "./settings.ts";
import { keepStateBesideTheProject, keepStateIn } from "./state.ts";
import { Table } from "./table.ts";
import { refuseDuplicateIds } from "./unique-ids.ts";
import type { UserPool } from "./user-pool.ts";
import { WebSocketApi } from "./websocket-api.ts";
import { WebSocketRoute } from "./websocket-route.ts";
import { grantInvoke, Worker } from "./worker.ts";

export interface ChatStackProps {
  readonly environment: Environment;
  /** For the state of an environment that has `remoteState`. */
  readonly stateBucket?: StateBucket | undefined;
  readonly routes: readonly Route[];
  readonly workers: readonly WorkerRow[];
  readonly authorizer: WorkerRow;
  /** The code of each route and worker, and of the authorizer, by its entry. */
  readonly bundles: ReadonlyMap<string, Bundle>;
}

/** The whole chat in one environment. */
export class ChatStack extends TerraformStack {
  constructor(scope: Construct, props: ChatStackProps) {
    const { environment, stateBucket, routes, workers, authorizer, bundles } = props;
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
      granted: row.grants.flatMap((grant) => grantOn({ table, api, environment }, grant) ?? []),
    });
    const admission = new Admission(this, "admission", { api, authorizer, ...propsOf(authorizer) });
    const { authorization } = admission;
    const deployed = routes.filter((route) => isDeployed(environment, route));
    for (const route of deployed) new WebSocketRoute(this, { api, route, authorization, ...propsOf(route) });
    for (const worker of workers) new Worker(this, { worker, ...propsOf(worker) });
    this.#output("websocket_url", api.url, "Where clients connect");
    this.#output("management_endpoint", api.managementEndpoint, "Where the backend pushes to connections");
    this.#output("table_name", table.name, "The DynamoDB table");
    this.#outputAdmission(environment, { api, userPool: admission.userPool });
  }

  #keepState(stateBucket: StateBucket | undefined): void {
    if (stateBucket) keepStateIn(stateBucket, this);
    else keepStateBesideTheProject(this);
  }

  /** What somebody needs to let others in. */
  #outputAdmission(
    { authentication }: Environment,
    { api, userPool }: { readonly api: WebSocketApi; readonly userPool: UserPool | undefined },
  ): void {
    if (authentication.kind === "iam") {
      this.#output("connect_arn", api.connectArn, "What execute-api:Invoke must be allowed on");
    }
    if (!userPool) return;
    this.#output("user_pool_id", userPool.userPoolId, "Where users are made");
    this.#output("user_pool_client_id", userPool.clientId, "By what users sign in");
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

/** Undefined where the environment has no need of it. */
function grantOn(grantors: Grantors, grant: Grant): Granted | undefined {
  const { authentication, moderators } = grantors.environment;
  if (grant === "close expired" && !closesAtExpiry(authentication)) return undefined;
  if (grant === "use invitations" && authentication.kind === "none") return undefined;
  return grant === "read mutes" && !moderators ? undefined : grantedOn(grantors, grant);
}

function grantedOn({ table, api, environment }: Grantors, grant: Grant): Granted {
  switch (grant) {
    case "push":
      return api.grantPush();
    case "close expired":
      return api.grantClose(grant);
    case "close kicked":
      return api.grantClose(grant, moderatorsOf(environment));
    case "invoke fan-out":
      return grantInvoke(environment, "fan-out");
    default:
      return table.grant(grant);
  }
}

function bundleOf({ entry }: WorkerRow, bundles: ReadonlyMap<string, Bundle>): Bundle {
  const bundle = bundles.get(entry);
  if (!bundle) throw new Error(`No bundle was made for handlers/${entry}.ts.`);
  return bundle;
}
