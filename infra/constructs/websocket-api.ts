import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Stage, type Apigatewayv2StageConfig } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { stackName, withId } from "../names.ts";
import { AccessLog } from "../observability/access-log.ts";
import type { Environment } from "../settings/settings.ts";
import { type Granted, statementId } from "./grant.ts";
import { REMOVED_AFTER_ITS_USERS } from "./removal-order.ts";

/**
 * `https://…/<stage>`, the address for pushes to connections. It is made from the address that the API itself reports, so it
 * is correct in every partition, and on engines other than AWS, which may use `ws://`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const managementEndpointOf = ({ apiEndpoint }: Apigatewayv2Api, stageName: string): string =>
  `${Fn.replace(Fn.replace(apiEndpoint, "wss://", "https://"), "ws://", "http://")}/${stageName}`;

/** The API and its one stage, which deploys itself whenever a route changes. */
export class WebSocketApi extends Construct {
  readonly apiId: string;
  readonly stageName: string;
  /** The API's ARN, to which invoke permissions are restricted: `arn:<partition>:execute-api:<region>:<account>:<api>`. */
  readonly executionArn: string;
  /** `wss://…/<stage>`, for clients. */
  readonly url: string;
  /** `https://…/<stage>`, for pushes. */
  readonly managementEndpoint: string;
  /** What an identity must be allowed `execute-api:Invoke` on, to connect where IAM decides. */
  readonly connectArn: string;
  readonly #stageExecutionArn: string;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const api = this.#createApi(environment);
    const stage = this.#createStage(api, environment);
    this.apiId = api.id;
    this.stageName = stage.name;
    this.executionArn = api.executionArn;
    this.url = stage.invokeUrl;
    this.managementEndpoint = managementEndpointOf(api, stage.name);
    this.#stageExecutionArn = stage.executionArn;
    this.connectArn = `${stage.executionArn}/$connect`;
  }

  #createApi(environment: Environment): Apigatewayv2Api {
    const api = new Apigatewayv2Api(this, "api", {
      name: stackName(environment),
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.message",
    });
    return withId(api, "api");
  }

  #createStage(api: Apigatewayv2Api, environment: Environment): Apigatewayv2Stage {
    const { stageName, throttle } = environment;
    const stage = new Apigatewayv2Stage(this, "stage", {
      apiId: api.id,
      name: stageName,
      autoDeploy: true,
      // Both numbers, always: a block that lacks one sends 0, and every handshake is a 429.
      defaultRouteSettings: {
        throttlingRateLimit: throttle.requestsPerSecond,
        throttlingBurstLimit: throttle.burst,
      },
      ...this.#logging(environment),
      // A stage with a new name must exist before the functions and the domain refer to it.
      lifecycle: REMOVED_AFTER_ITS_USERS,
    });
    return withId(stage, "stage");
  }

  /** Requires the account's role for logs, which the bootstrap stack creates. */
  #logging(environment: Environment): Pick<Apigatewayv2StageConfig, "accessLogSettings"> {
    if (!environment.accessLog) return {};
    return { accessLogSettings: new AccessLog(this, "access-log", environment).settings };
  }

  /** Pushes to the connections of this stage. The SDK takes the address from this variable by itself. */
  grantPush(): Granted {
    return this.#grantManagement("push", "POST");
  }

  /** Asks whether connections are open. */
  grantProbe(grant: string): Granted {
    return this.#grantManagement(grant, "GET");
  }

  /** Hangs up on connections; with what the function has to know of whose. */
  grantClose(grant: string, variables: Granted["environment"] = {}): Granted {
    const { statement, environment } = this.#grantManagement(grant, "DELETE");
    return { statement, environment: { ...environment, ...variables } };
  }

  #grantManagement(grant: string, method: "POST" | "DELETE" | "GET"): Granted {
    return {
      statement: {
        Sid: statementId(grant),
        Effect: "Allow",
        Action: ["execute-api:ManageConnections"],
        Resource: [`${this.#stageExecutionArn}/${method}/@connections/*`],
      },
      environment: { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: this.managementEndpoint },
    };
  }
}
