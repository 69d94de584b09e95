import sinon from "sinon";
import type { DeployedStack } from "./as-deployed.ts";
import { NOON } from "./builders.ts";
import { type Datum, statesOf } from "./cloudwatch.ts";

const MINUTE = 60_000;

/** The response of AWS to a client if the function of a route fails. */
type Answer = { readonly statusCode?: number } | undefined;

/**
 * Calls functions on a simulated clock, and collects the metrics that they and AWS report.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 */
export class PlayedAccount {
  readonly #stack: DeployedStack;
  readonly #data: Datum[] = [];
  #now = NOON;

  constructor(stack: DeployedStack) {
    this.#stack = stack;
  }

  /** Lets time pass without a request. */
  wait(minutes: number): void {
    this.#now += minutes * MINUTE;
  }

  /** A request that API Gateway answers with a 4xx itself, as above the stage's throttle. */
  refuse(): void {
    this.#ofStage("ClientError");
  }

  /** API Gateway cannot call the function, or its answer is not valid. */
  failToCall(): void {
    this.#ofStage("ExecutionError");
  }

  throttle(entry: string): void {
    this.#ofFunction(entry, "Throttles");
  }

  put(datum: Omit<Datum, "at">): void {
    this.#data.push({ ...datum, at: this.#now });
  }

  /** Calls a route's function, as API Gateway does. */
  async call(entry: string, run: () => Promise<unknown>): Promise<void> {
    const answer = (await this.invoke(entry, run)) as Answer | "failed";
    if (answer === "failed") this.failToCall();
    else if ((answer?.statusCode ?? 200) >= 400) this.#ofStage("IntegrationError");
  }

  /** Calls the authorizer. API Gateway responds to its error `Unauthorized` with a 401. */
  async authorize(entry: string, run: () => Promise<unknown>): Promise<void> {
    if ((await this.invoke(entry, run)) === "failed") this.#ofStage("ClientError");
  }

  /** Invokes a function, and reads the metrics from its standard output, as CloudWatch does. */
  async invoke(entry: string, run: () => Promise<unknown>): Promise<unknown> {
    const written: string[] = [];
    const output = sinon.stub(process.stdout, "write").callsFake((text) => written.push(String(text)) > 0);
    const answer = await run()
      .catch(() => "failed")
      .finally(() => output.restore());
    this.#ofFunction(entry, "Errors", answer === "failed" ? 1 : 0);
    for (const line of written) this.#readMetrics(line);
    return answer;
  }

  /** The Terraform names of the current alarms. */
  raised(): string[] {
    return Object.entries(this.#stack.resource.aws_cloudwatch_metric_alarm ?? {})
      .filter(([, alarm]) => statesOf(alarm, this.#data, this.#now + MINUTE).at(-1) === "ALARM")
      .map(([id]) => id);
  }

  #readMetrics(line: string): void {
    const { _aws: embedded, ...values } = line.startsWith("{") ? JSON.parse(line) : {};
    for (const { Namespace: namespace, Metrics } of embedded?.CloudWatchMetrics ?? []) {
      for (const { Name: name } of Metrics) this.put({ namespace, name, value: values[name] });
    }
  }

  #ofFunction(entry: string, name: string, value = 1): void {
    const FunctionName = String(this.#stack.resource.aws_lambda_function?.[entry]?.function_name);
    this.put({ namespace: "AWS/Lambda", name, dimensions: { FunctionName }, value });
  }

  #ofStage(name: string): void {
    const { api_id: ApiId, name: Stage } = this.#stack.resource.aws_apigatewayv2_stage?.stage ?? {};
    const dimensions = { ApiId: String(ApiId), Stage: String(Stage) };
    this.put({ namespace: "AWS/ApiGateway", name, dimensions, value: 1 });
  }
}
