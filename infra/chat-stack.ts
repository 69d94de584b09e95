import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { partitionOf } from "../aws/partition.ts";
import type { Service as ServiceRow } from "../chatops/service.ts";
import type { FunctionDefinition, Route } from "../handlers/routes.ts";
import type { Bundle } from "./bundle.ts";
import { Admission } from "./constructs/admission.ts";
import type { Authorizer } from "./constructs/authorizer.ts";
import { ChatOps, type Service } from "./constructs/chat-ops.ts";
import { CustomDomain } from "./constructs/custom-domain.ts";
import { EventBus } from "./constructs/event-bus.ts";
import { statementsOf } from "./constructs/function-statements.ts";
import { functionVariables } from "./constructs/function-variables.ts";
import { Publisher } from "./constructs/publisher.ts";
import { Table } from "./constructs/table.ts";
import { UserPool } from "./constructs/user-pool.ts";
import { Website } from "./constructs/website.ts";
import { WebSocketApi } from "./constructs/websocket-api.ts";
import { WebSocketRoute } from "./constructs/websocket-route.ts";
import { Worker } from "./constructs/worker.ts";
import { refuseLongNames, stackName, withId } from "./names.ts";
import { AlarmTarget } from "./observability/alarm-target.ts";
import { Alarms } from "./observability/alarms.ts";
import { Dashboard } from "./observability/dashboard.ts";
import type { Watched } from "./observability/metrics.ts";
import { isDeployed } from "./settings/combinations.ts";
import type { Environment, StateBucket } from "./settings/settings.ts";
import { websiteIn } from "./settings/website.ts";
import { aliasedProvider, keepStateIn, keepStateInProject, refuseDuplicateIds, useAwsProvider } from "./terraform.ts";
import type { WebsiteFile } from "./website-files.ts";

export interface ChatStackProps {
  readonly environment: Environment;
  /** Stores the state of environments with `remoteState`. */
  readonly stateBucket?: StateBucket | undefined;
  readonly routes: readonly Route[];
  readonly workers: readonly FunctionDefinition[];
  readonly eventSender: FunctionDefinition;
  readonly authorizer: FunctionDefinition;
  /** The row of the function that each chat-ops service has. */
  readonly chatOps: FunctionDefinition;
  readonly services: readonly ServiceRow[];
  /** The code of each function, by entry. */
  readonly bundles: ReadonlyMap<string, Bundle>;
  /** The files of the page. Empty if no environment has a page. */
  readonly websiteFiles: readonly WebsiteFile[];
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
const CERTIFICATE_REGION = "us-east-1";

/** What the page connects to and signs in with. */
interface Connected {
  readonly api: WebSocketApi;
  readonly websocketUrl: string;
  readonly userPool: UserPool | undefined;
}

/** All resources of one environment, except those of the account, which are in the bootstrap stack. */
export class ChatStack extends TerraformStack {
  constructor(scope: Construct, props: ChatStackProps) {
    const { environment, stateBucket, routes, authorizer, chatOps, services, bundles } = props;
    const workers = [...props.workers, ...(environment.events ? [props.eventSender] : [])];
    super(scope, stackName(environment));
    refuseDuplicateIds(this);
    refuseLongNames(
      environment,
      [...routes, ...workers, authorizer].map(({ entry }) => entry),
    );
    const { name, region, tags, remoteState, domain, functionRuntime: runtime } = environment;
    useAwsProvider(this, { region, tags, environmentName: name, runtime });
    this.#keepState(remoteState ? stateBucket : undefined);
    const table = new Table(this, "table", environment);
    const api = new WebSocketApi(this, "api", environment);
    const users = this.#createUserPool(environment);
    const websocketUrl = domain ? new CustomDomain(this, "domain", { domain, api }).url : api.url;
    const website = this.#createWebsite(props, { api, websocketUrl, userPool: users });
    const eventBus = environment.events ? new EventBus(this, "event-bus", environment) : undefined;
    const resources = { table, api, environment, eventBus, pageOrigins: website?.origins ?? [] };
    const propsOf = (row: FunctionDefinition) => ({
      environment,
      bundle: bundleOf(row, bundles),
      statements: statementsOf(row.grants, resources),
    });
    const propsWithVariablesOf = (row: FunctionDefinition) => ({
      ...propsOf(row),
      variables: functionVariables(row.settings, resources),
    });
    const admission = new Admission(this, "admission", {
      ...{ resources, authorizer, userPool: users, pageClientId: website?.clientId },
      ...propsOf(authorizer),
    });
    const { authorization } = admission;
    const alarmTarget = alarmTargetOf(this, environment);
    const functions = {
      authorizers: admission.authorizer ? [admission.authorizer] : [],
      routes: routes
        .filter((route) => isDeployed(environment, route))
        .map((route) => new WebSocketRoute(this, { api, route, authorization, ...propsWithVariablesOf(route) })),
      workers: workers
        .filter((worker) => isDeployed(environment, worker))
        .map((worker) => new Worker(this, { worker, alarmTarget, ...propsWithVariablesOf(worker) })),
      services: new ChatOps(this, "chat-ops", {
        services,
        resources,
        alarmTarget,
        row: chatOps,
        ...propsOf(chatOps),
      }).enabled,
    };
    this.#watch({ environment, stage: api, tableName: table.name, ...watchedOf(functions) }, alarmTarget);
    this.#output("websocket_url", websocketUrl, "Where clients connect");
    this.#output("management_endpoint", api.managementEndpoint, "Where the backend pushes to connections");
    this.#output("table_name", table.name, "The DynamoDB table");
    if (eventBus) this.#output("event_bus_arn", eventBus.arn, "The event bus for rules of other programs");
    this.#outputAdmission(environment, { api, userPool: users });
    this.#openPublisher(environment, functions.workers);
    if (website) this.#output("website_url", website.url, "The address of the page");
  }

  /** Undefined unless users are authenticated by Cognito, and the settings do not name an existing pool. */
  #createUserPool(environment: Environment): UserPool | undefined {
    const { kind, pool } = { pool: undefined, ...environment.authentication };
    return kind === "cognito" && !pool ? new UserPool(this, "users", environment) : undefined;
  }

  #createWebsite({ environment, websiteFiles: files }: ChatStackProps, connected: Connected): Website | undefined {
    const certificateProvider = this.#certificateProvider(environment);
    const details = websiteIn(environment);
    if (!details || !certificateProvider) return undefined;
    const { api, websocketUrl, userPool } = connected;
    const { domain } = environment;
    return new Website(this, "website", {
      ...{ environment, details, files, websocketUrl, userPool, certificateProvider },
      chatOrigins: domain ? [`wss://${domain.name}`, `https://${domain.name}`] : api.origins,
    });
  }

  /**
   * CloudFront reads certificates in us-east-1 only. Trap: Terraform cannot delete a certificate without its provider, so the
   * provider stays when the website is removed.
   */
  #certificateProvider({ region, tags, name: environmentName }: Environment): AwsProvider | undefined {
    if (partitionOf(region).name !== "aws") return undefined;
    return aliasedProvider(this, { region: CERTIFICATE_REGION, tags, environmentName });
  }

  #keepState(stateBucket: StateBucket | undefined): void {
    if (stateBucket) keepStateIn(stateBucket, this);
    else keepStateInProject(this);
  }

  /** The outputs that an administrator needs to give users access. */
  #outputAdmission(
    { authentication }: Environment,
    { api, userPool }: { readonly api: WebSocketApi; readonly userPool: UserPool | undefined },
  ): void {
    if (authentication.kind === "iam") {
      this.#output("connect_arn", api.connectArn, "The resource on which users need execute-api:Invoke");
    }
    if (!userPool) return;
    this.#output("user_pool_id", userPool.userPoolId, "The user pool in which you create users");
    this.#output("user_pool_client_id", userPool.clientId, "The app client with which users sign in");
  }

  #openPublisher(environment: Environment, workers: readonly Worker[]): void {
    const worker = workers.find(({ node }) => node.id === "publish");
    if (!worker || !environment.publish) return;
    const settings = environment.publish;
    const { policyJson, url } = new Publisher(this, "publisher", { environment, worker, settings });
    this.#output("publish_function", worker.functionName, "The function that backends invoke to send messages");
    if (url) this.#output("publish_url", url, "Where backends send signed HTTP requests with messages");
    this.#output("publish_policy_json", policyJson, "The IAM policy that a backend's role needs to send messages");
  }

  #watch(watched: Watched, target: AlarmTarget | undefined): void {
    if (target) new Alarms(this, "alarms", { ...watched, target });
    if (watched.environment.dashboard) new Dashboard(this, "dashboard", watched);
  }

  #output(id: string, value: string, description: string): void {
    withId(new TerraformOutput(this, id, { value, description }), id);
  }
}

function alarmTargetOf(scope: Construct, environment: Environment): AlarmTarget | undefined {
  const { alarmEmail: email } = environment;
  return email === undefined ? undefined : new AlarmTarget(scope, "alarm-target", { environment, email });
}

interface Functions {
  readonly authorizers: readonly Authorizer[];
  readonly routes: readonly WebSocketRoute[];
  readonly workers: readonly Worker[];
  readonly services: readonly Service[];
}

const watchedOf = ({
  authorizers,
  routes,
  workers,
  services,
}: Functions): Pick<Watched, "functions" | "queueNames"> => ({
  functions: [...authorizers, ...routes, ...workers, ...services].map((each) => ({
    entry: each.node.id,
    functionName: each.functionName,
    failsToRefuse: authorizers.some((authorizer) => authorizer === each),
  })),
  queueNames: [...workers, ...services].map(({ queueName }) => queueName),
});

function bundleOf({ entry }: FunctionDefinition, bundles: ReadonlyMap<string, Bundle>): Bundle {
  const bundle = bundles.get(entry);
  if (!bundle) throw new Error(`No bundle was made for handlers/${entry}.ts.`);
  return bundle;
}
