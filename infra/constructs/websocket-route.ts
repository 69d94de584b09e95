import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2RouteResponse } from "@cdktf/provider-aws/lib/apigatewayv2-route-response/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import type { Route } from "../../handlers/routes.ts";
import { withId } from "../names.ts";
import type { Authorization } from "./admission.ts";
import { LambdaFunction, type LambdaFunctionProps } from "./lambda-function.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export interface WebSocketRouteProps extends Omit<LambdaFunctionProps, "name" | "timeoutSeconds"> {
  readonly api: WebSocketApi;
  readonly route: Route;
  /** Applies to `$connect`: a client is authenticated once, at the handshake. */
  readonly authorization: Authorization;
}

/** A row of the route table in AWS: function, permission, integration, route and, if the row has one, route response. */
export class WebSocketRoute extends Construct {
  readonly lambda: LambdaFunction;
  readonly functionName: string;

  constructor(scope: Construct, { api, route, authorization, ...props }: WebSocketRouteProps) {
    super(scope, route.entry);
    const { entry: name, timeoutSeconds } = route;
    this.lambda = new LambdaFunction(this, "lambda", { ...props, name, timeoutSeconds });
    this.functionName = this.lambda.functionName;
    const permission = this.#permitInvoke(api, route, this.lambda);
    const integration = this.#createIntegration(api, this.lambda, permission);
    const created = this.#createRoute({ api, route, authorization }, integration);
    if (route.routeResponse) this.#createRouteResponse(api, created);
  }

  #permitInvoke(api: WebSocketApi, { key }: Route, lambda: LambdaFunction): LambdaPermission {
    const permission = new LambdaPermission(this, "permission", {
      functionName: lambda.functionName,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.executionArn}/*/${key}`,
    });
    return withId(permission, this.node.id);
  }

  #createIntegration(api: WebSocketApi, lambda: LambdaFunction, permission: LambdaPermission): Apigatewayv2Integration {
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: api.apiId,
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri: lambda.invokeArn,
      // The permission to invoke the function then exists as long as the route.
      dependsOn: [permission],
    });
    return withId(integration, this.node.id);
  }

  #createRoute(
    { api, route: { key, routeResponse }, authorization }: Pick<WebSocketRouteProps, "api" | "route" | "authorization">,
    integration: Apigatewayv2Integration,
  ): Apigatewayv2Route {
    const route = new Apigatewayv2Route(this, "route", {
      apiId: api.apiId,
      routeKey: key,
      target: `integrations/${integration.id}`,
      ...(key === "$connect" && authorization),
      ...(routeResponse && { routeResponseSelectionExpression: "$default" }),
    });
    return withId(route, this.node.id);
  }

  #createRouteResponse(api: WebSocketApi, route: Apigatewayv2Route): void {
    const routeResponse = new Apigatewayv2RouteResponse(this, "route-response", {
      apiId: api.apiId,
      routeId: route.id,
      routeResponseKey: "$default",
    });
    withId(routeResponse, this.node.id);
  }
}
