import { metrics } from "../../aws/metrics.ts";
import { now } from "../../aws/runtime.ts";
import type { LambdaContext } from "./lambda.ts";

/** Runs a task. Returns facts for the log. Throws if Lambda should retry the task. */
export type TaskHandler<Task, Ports> = (
  ports: Ports,
  request: { readonly task: Task; readonly deadline: number },
) => Promise<object>;

/**
 * The boundary between Lambda's queue of asynchronous events and a task handler: writes one log line and the metrics. A
 * fault is passed on to Lambda, which retries twice and then sends the event to the failure destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const workerLambda =
  <Task, Ports>(handle: TaskHandler<Task, Ports>, ports: Ports) =>
  async (task: Task, { awsRequestId: requestId, getRemainingTimeInMillis }: LambdaContext): Promise<void> => {
    const started = now();
    const line = () => ({ requestId, durationMs: now() - started });
    try {
      const facts = await handle(ports, { task, deadline: started + getRemainingTimeInMillis() });
      console.info({ ...line(), ...facts });
    } catch (fault) {
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      throw fault;
    } finally {
      metrics.write();
    }
  };
