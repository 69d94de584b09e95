import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Stage, type Apigatewayv2StageConfig } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { stackName, withId } from "../names.ts";
import { AccessLog } from "../observability/access-log.ts";
import type { Environment } from "../settings/settings.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";
import { type Statement, statementId } from "./grant.ts";

/**
 * `https://…/<stage>`, the address for pushes to connections. It is made from the address that the API itself reports, so it
 * is correct in every partition, and on emulators, which may use `ws://`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const managementEndpointOf = (api: Apigatewayv2Api, stageName: string): string =>
  `${httpOrigin(api)}/${stageName}`;

const httpOrigin = ({ apiEndpoint }: Apigatewayv2Api): string =>
  Fn.replace(Fn.replace(apiEndpoint, "wss://", "https://"), "ws://", "http://");

/** The API and its only stage, which API Gateway deploys whenever a route changes. */
export class WebSocketApi extends Construct {
  readonly apiId: string;
  readonly stageName: string;
  /** The API's ARN, to which invoke permissions are restricted: `arn:<partition>:execute-api:<region>:<account>:<api>`. */
  readonly executionArn: string;
  /** `wss://…/<stage>`, for clients. */
  readonly url: string;
  /** `wss://…` and `https://…`, without the stage. */
  readonly origins: readonly string[];
  /** `https://…/<stage>`, for pushes. */
  readonly managementEndpoint: string;
  /** With the authentication "iam", a client needs `execute-api:Invoke` on this ARN to connect. */
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
    this.origins = [api.apiEndpoint, httpOrigin(api)];
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
      // Trap: a block without one of the numbers sends 0 for it, and every handshake fails with 429.
      defaultRouteSettings: {
        throttlingRateLimit: throttle.requestsPerSecond,
        throttlingBurstLimit: throttle.burst,
      },
      ...this.#logging(environment),
      // A stage with a new name must exist before the functions and the domain refer to it.
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    return withId(stage, "stage");
  }

  /** Requires API Gateway's CloudWatch Logs role for the account, which the bootstrap stack creates. */
  #logging(environment: Environment): Pick<Apigatewayv2StageConfig, "accessLogSettings"> {
    if (!environment.accessLog) return {};
    return { accessLogSettings: new AccessLog(this, "access-log", environment).settings };
  }

  /** To push to the connections of this stage. */
  grantPush(): Statement {
    return this.#grantManagement("push", "POST");
  }

  /** To ask whether connections are open. */
  grantProbe(grant: string): Statement {
    return this.#grantManagement(grant, "GET");
  }

  /** To close connections. */
  grantClose(grant: string): Statement {
    return this.#grantManagement(grant, "DELETE");
  }

  #grantManagement(grant: string, method: "POST" | "DELETE" | "GET"): Statement {
    return {
      Sid: statementId(grant),
      Effect: "Allow",
      Action: ["execute-api:ManageConnections"],
      Resource: [`${this.#stageExecutionArn}/${method}/@connections/*`],
    };
  }
}
