import { isDeepStrictEqual } from "node:util";
import { type Contain, containment, reasonOf } from "../boundary.ts";
import type { Clock } from "../clock.ts";
import type { Guard } from "../iam/guard.ts";
import type { Observe } from "../inspector/events.ts";
import type { Invocation } from "../lambda/execution-environment.ts";
import type { LambdaFunction } from "../lambda/function.ts";
import type { FunctionTarget } from "../terraform/integrations.ts";
import type { RouteConfig } from "../terraform/routes.ts";
import type { Stack } from "../terraform/stack.ts";
import type { StageConfig } from "../terraform/stage.ts";
import { type AccessLogFields, answeredEvent, formatAccessLog } from "./access-log.ts";
import type { OpenConnection } from "./connection.ts";
import { type ConnectionJournal, noJournal } from "./connection-journal.ts";
import type { EventSource, GatewayEvent, RequestContext } from "./events.ts";
import { createIntegration, type Integrate, notRun } from "./integrations/integration.ts";
import type { IntegrationOutcome } from "./integrations/outcome.ts";
import { compileModels, compileSelection, type IsValidMessage, type SelectKey } from "./selection-expression.ts";
import { noThrottle, stageThrottle, type Throttle } from "./throttle.ts";

export interface ApiOptions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly clock: Clock;
  /** Whether throttling limits are enforced. */
  readonly throttle: boolean;
  /** Whether functions must permit API Gateway to invoke them. */
  readonly iam: boolean;
  /** The guard of `@connections`, and of handshakes that must be signed. */
  readonly guard: Guard;
  /** Remembers connections for the next start; default: not at all. */
  readonly journal?: ConnectionJournal;
  /** Receives each line of the access log. */
  readonly logAccess: (line: string) => void;
  /** Receives an explanation of each request that failed because of the Terraform. */
  readonly report: (sentence: string) => void;
  /** Receives what happens to connections; default: nobody observes it, which costs nothing. */
  readonly observe?: Observe | undefined;
}

/** A route that can receive messages. */
export interface Route extends Omit<RouteConfig, "integration"> {
  readonly isValid: IsValidMessage;
  /** Runs the integration with an event; undefined for a `$connect` without an integration. */
  readonly integrate: Integrate | undefined;
}

/** The part of an API that an update replaces as a whole. */
interface Deployed {
  readonly stage: StageConfig;
  readonly throttle: Throttle;
  readonly selectRouteKey: SelectKey;
  readonly routes: ReadonlyMap<string, Route>;
  readonly functions: ApiOptions["functions"];
}

/** A running WebSocket API: its routes, their functions, and the open connections. */
export class Api implements EventSource {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly contain: Contain;
  readonly report: ApiOptions["report"];
  readonly journal: ConnectionJournal;
  readonly observe: Observe | undefined;
  readonly connections = new Map<string, OpenConnection>();
  readonly #options: ApiOptions;
  #deployed: Deployed;
  readonly #onIdle: (() => void)[] = [];
  #running = 0;

  constructor(stack: Stack, options: ApiOptions) {
    this.clock = options.clock;
    this.guard = options.guard;
    this.journal = options.journal ?? noJournal;
    this.observe = options.observe;
    this.contain = containment(options.report);
    this.report = options.report;
    this.#options = options;
    this.#deployed = this.#compile(stack, options.functions);
  }

  readonly now = (): number => this.clock.now();

  get stage(): StageConfig {
    return this.#deployed.stage;
  }

  get throttle(): Throttle {
    return this.#deployed.throttle;
  }

  get selectRouteKey(): SelectKey {
    return this.#deployed.selectRouteKey;
  }

  route(key: string): Route | undefined {
    return this.#deployed.routes.get(key);
  }

  /**
   * Compiles another state of the stack. Returns the function that puts it into effect for later frames and handshakes.
   * Connections stay open. Throws if the emulator does not support it.
   */
  prepare(stack: Stack, functions: ApiOptions["functions"]): () => void {
    const next = this.#compile(stack, functions);
    return () => {
      this.#deployed = next;
    };
  }

  /** Invokes the function of an authorizer. The timeout of integrations does not apply to it. */
  async invoke(functionName: string, event: GatewayEvent, requestId: string): Promise<Invocation> {
    this.#running += 1;
    return functionIn(this.#deployed.functions, functionName)
      .invoke(event, requestId)
      .finally(() => this.#end());
  }

  /**
   * Whether the function permits API Gateway to invoke it (rule HS-25 in docs/api-gateway-rules.md). Reports a missing
   * permission.
   */
  permits({ functionName, sourceArn, mayInvoke, credentials }: FunctionTarget): boolean {
    if (mayInvoke || !this.#options.iam) return true;
    const why =
      credentials === undefined
        ? "no aws_lambda_permission allows it. Add one"
        : `its credentials, the role ${credentials}, have no policy that allows lambda:InvokeFunction. Add one`;
    this.#options.report(
      `API Gateway may not invoke the function ${functionName} for ${sourceArn}: ${why}, or start with --no-iam.`,
    );
    return false;
  }

  /** Writes a line if the stage has an access log. */
  logAccess(requestContext: RequestContext, fields: AccessLogFields): void {
    const { accessLog } = this.stage;
    if (accessLog) this.#options.logAccess(formatAccessLog(accessLog.format, requestContext, fields));
  }

  /** Resolves when no function is running. */
  async idle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #compile({ stage, routes }: Stack, functions: ApiOptions["functions"]): Deployed {
    return {
      stage,
      throttle: this.#throttleOf(stage),
      selectRouteKey: compileSelection(stage.routeSelectionExpression),
      routes: new Map(routes.map((route) => [route.key, this.#compileRoute(route, functions)])),
      functions,
    };
  }

  /** An update that does not change the limits must not refill the buckets. */
  #throttleOf(stage: StageConfig): Throttle {
    if (!this.#options.throttle) return noThrottle;
    const current = this.#deployed as Deployed | undefined;
    const limitsOf = ({ throttle, routeThrottles }: StageConfig) => [throttle, routeThrottles];
    const isSame = current && isDeepStrictEqual(limitsOf(current.stage), limitsOf(stage));
    return isSame ? current.throttle : stageThrottle(stage, this.clock.elapsed);
  }

  #compileRoute({ integration, ...route }: RouteConfig, functions: ApiOptions["functions"]): Route {
    const isValid = compileModels(route.models);
    if (!integration) return { ...route, isValid, integrate: undefined };
    const integrate = createIntegration(integration, (name) => functionIn(functions, name));
    const ended = (outcome: IntegrationOutcome): IntegrationOutcome => {
      this.#end();
      return outcome;
    };
    // A mapping can fail with the message of a client: a template that parses it, or a parameter that is not a valid header.
    const failed = (fault: unknown): IntegrationOutcome => {
      const reason = reasonOf(fault);
      this.#options.report(`The integration of the route ${route.key} failed: ${reason}`);
      return ended(notRun("failed", reason));
    };
    const isPermitted = () => !("mayInvoke" in integration) || this.permits(integration);
    return {
      ...route,
      isValid,
      integrate: (event) => {
        if (!isPermitted()) return Promise.resolve(NOT_PERMITTED);
        this.#running += 1;
        return integrate(event).then(ended, failed);
      },
    };
  }

  #end(): void {
    this.#running -= 1;
    if (this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}

const NOT_PERMITTED = notRun(
  "not-permitted",
  "Execution failed due to configuration error: Invalid permissions on Lambda function",
);

const functionIn = (functions: ApiOptions["functions"], name: string): LambdaFunction =>
  functions.get(name) as LambdaFunction;

/** Writes the line of the access log, and notifies the observer. */
export function finishRequest(api: Api, requestContext: RequestContext, fields: AccessLogFields): void {
  api.logAccess(requestContext, fields);
  api.observe?.(answeredEvent(requestContext, fields));
}
