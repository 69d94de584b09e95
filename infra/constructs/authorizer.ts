import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import type { TokenRules } from "../../authentication/identity.ts";
import type { FunctionDefinition } from "../../handlers/routes.ts";
import { awsName, withId } from "../names.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";
import { type FunctionResources, functionVariables } from "./function-variables.ts";
import { LambdaFunction, type LambdaFunctionProps } from "./lambda-function.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export interface AuthorizerProps extends Omit<LambdaFunctionProps, "name" | "timeoutSeconds" | "variables"> {
  readonly resources: FunctionResources;
  readonly authorizer: FunctionDefinition;
  readonly rules: TokenRules;
}

/**
 * The function that API Gateway invokes at each handshake. It has no identity sources, because API Gateway would return 401
 * itself to a request that lacks one of them. The results are not cached for a WebSocket API: rule AU-11 in
 * docs/api-gateway-rules.md.
 */
export class Authorizer extends Construct {
  readonly authorizerId: string;
  readonly functionName: string;
  /** The permission for API Gateway to invoke the function. Without it, every handshake fails with 500. */
  readonly permission: LambdaPermission;

  constructor(scope: Construct, { resources, authorizer, rules, ...props }: AuthorizerProps) {
    super(scope, authorizer.entry);
    const { api } = resources;
    const { entry: name, timeoutSeconds } = authorizer;
    const variables = functionVariables(authorizer.settings, resources, { tokenRules: rules });
    const lambda = new LambdaFunction(this, "lambda", { ...props, name, timeoutSeconds, variables });
    const created = new Apigatewayv2Authorizer(this, "authorizer", {
      apiId: api.apiId,
      name: awsName(props.environment, name),
      authorizerType: "REQUEST",
      authorizerUri: lambda.invokeArn,
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    this.authorizerId = withId(created, name).id;
    this.functionName = lambda.functionName;
    this.permission = this.#permitInvoke(api, lambda);
  }

  #permitInvoke(api: WebSocketApi, lambda: LambdaFunction): LambdaPermission {
    const permission = new LambdaPermission(this, "permission", {
      functionName: lambda.functionName,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.executionArn}/authorizers/${this.authorizerId}`,
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    return withId(permission, this.node.id);
  }
}
