import { metrics } from "../aws/metrics.ts";
import { now } from "../aws/runtime.ts";
import type { LambdaContext } from "./lambda.ts";

/** Does a task that another function has left to it. Gives facts for the log. Throws where the task is to be tried again. */
export type Worker<Task, Ports> = (
  ports: Ports,
  request: { readonly task: Task; readonly deadline: number },
) => Promise<object>;

/**
 * The boundary between Lambda's queue of asynchronous events and a worker: calls, logs one line, and one of what was
 * counted. A fault goes on to Lambda, which tries twice more and then tells the failure destination.
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
