import type { LambdaFunction } from "../lambda/function.ts";
import type { RouteConfig } from "../terraform/routes.ts";
import type { Stack } from "../terraform/stack.ts";
import type { OpenConnection } from "./connection.ts";
import type { EventSource, GatewayEvent } from "./events.ts";
import { type IntegrationOutcome, integrate } from "./integration.ts";
import { routeSelection, type SelectRouteKey } from "./route-selection.ts";

/** A WebSocket API at run time: its routes, the functions behind them, and who is connected. */
export class Api implements EventSource {
  readonly apiId: string;
  readonly stageName: string;
  readonly now: () => number;
  readonly selectRouteKey: SelectRouteKey;
  readonly connections = new Map<string, OpenConnection>();
  readonly #routes: ReadonlyMap<string, RouteConfig>;
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(stack: Stack, { functions, now }: { functions: ReadonlyMap<string, LambdaFunction>; now: () => number }) {
    this.apiId = stack.apiId;
    this.stageName = stack.stageName;
    this.now = now;
    this.selectRouteKey = routeSelection(stack.routeSelectionExpression);
    this.#routes = new Map(stack.routes.map((route) => [route.key, route]));
    this.#functions = functions;
  }

  route(key: string): RouteConfig | undefined {
    return this.#routes.get(key);
  }

  /** Runs the function of a route on an event. */
  async integrate(route: RouteConfig, event: GatewayEvent): Promise<IntegrationOutcome> {
    const lambda = this.#functions.get(route.functionName) as LambdaFunction;
    const outcome = integrate(route, lambda, event);
    this.#underWay.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#underWay.delete(outcome);
    }
  }

  /** Resolves once no function is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
