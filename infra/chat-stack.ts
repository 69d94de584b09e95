import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Grant, Route } from "../handlers/routes.ts";
import type { Bundle } from "./bundle.ts";
import { type Environment, PROJECT } from "./environments.ts";
import type { Granted } from "./grant.ts";
import { stackName, withId } from "./names.ts";
import { Table } from "./table.ts";
import { refuseDuplicateIds } from "./unique-ids.ts";
import { WebSocketApi } from "./websocket-api.ts";
import { WebSocketRoute } from "./websocket-route.ts";

/** What we emit is applied on both ends of this range; nothing that only one of them takes may be emitted. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";

export interface ChatStackProps {
  readonly environment: Environment;
  readonly routes: readonly Route[];
  /** The code of each route, by its entry. */
  readonly bundles: ReadonlyMap<string, Bundle>;
}

/** The whole chat in one environment. */
export class ChatStack extends TerraformStack {
  constructor(scope: Construct, { environment, routes, bundles }: ChatStackProps) {
    super(scope, stackName(environment));
    refuseDuplicateIds(this);
    this.#useProvider(environment);
    this.#keepStateBesideTheProject();
    const table = new Table(this, "table", environment);
    const api = new WebSocketApi(this, "api", environment);
    for (const route of routes) {
      const granted = route.grants.map((grant) => grantOn({ table, api }, grant));
      new WebSocketRoute(this, { api, route, environment, bundle: bundleOf(route, bundles), granted });
    }
    this.#output("websocket_url", api.url, "Where clients connect");
    this.#output("management_endpoint", api.managementEndpoint, "Where the backend pushes to connections");
    this.#output("table_name", table.name, "The DynamoDB table");
  }

  #useProvider({ region, name }: Environment): void {
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: { project: PROJECT, environment: name } }] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS);
  }

  /** Relative, from `cdktf.out/stacks/<stack>`: cdktf would write this machine's absolute path into the Terraform. */
  #keepStateBesideTheProject(): void {
    new LocalBackend(this, { path: `../../../terraform.${this.node.id}.tfstate` });
  }

  #output(id: string, value: string, description: string): void {
    withId(new TerraformOutput(this, id, { value, description }), id);
  }
}

const grantOn = ({ table, api }: { table: Table; api: WebSocketApi }, grant: Grant): Granted =>
  grant === "push" ? api.grantPush() : table.grant(grant);

function bundleOf({ entry }: Route, bundles: ReadonlyMap<string, Bundle>): Bundle {
  const bundle = bundles.get(entry);
  if (!bundle) throw new Error(`No bundle was made for handlers/${entry}.ts.`);
  return bundle;
}
