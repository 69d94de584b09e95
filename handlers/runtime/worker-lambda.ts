import { metrics } from "../../aws/metrics.ts";
import { now } from "../../aws/runtime.ts";
import type { LambdaContext } from "./lambda.ts";

/** Does a task of another function. Returns facts for the log. Throws if Lambda should retry the task. */
export type Worker<Task, Ports> = (
  ports: Ports,
  request: { readonly task: Task; readonly deadline: number },
) => Promise<object>;

/**
 * The boundary between Lambda's queue of asynchronous events and a worker: calls it, logs one line, and writes the metrics.
 * A fault is passed on to Lambda, which retries twice and then sends the event to the failure destination.
 */
export const workerLambda =
  <Task, Ports>(work: Worker<Task, Ports>, ports: Ports) =>
  async (task: Task, { awsRequestId: requestId, getRemainingTimeInMillis }: LambdaContext): Promise<void> => {
    const started = now();
    const line = () => ({ requestId, durationMs: now() - started });
    try {
      const facts = await work(ports, { task, deadline: started + getRemainingTimeInMillis() });
      console.info({ ...line(), ...facts });
    } catch (fault) {
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
      throw fault;
    } finally {
      metrics.write();
    }
  };
