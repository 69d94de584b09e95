import type { FrameSchema } from "../../chat/protocol/frames.ts";
import { answeringLambda, type FrameHandler, type TakingPorts } from "./frame-lambda.ts";
import type { LambdaContext, RouteEvent, RouteResult } from "./lambda.ts";
import { type Worker, workerLambda } from "./worker-lambda.ts";

/** What a service's function does: for a person, and for the schedule. */
export interface Handlers<Frame extends object, Task extends object, Ports> {
  readonly schema: FrameSchema<Frame>;
  readonly answer: FrameHandler<Frame, Ports>;
  readonly work: Worker<Task, Ports>;
}

/** Takes a line for the log, beside the last one: where the function dies, it shows how far it came. */
export type LogLine = (line: object) => void;

/** The boundary of a function that API Gateway calls with a person's frame, and Lambda's queue with the schedule's task. */
export function serviceLambda<Frame extends object, Task extends object, Ports extends TakingPorts>(
  { schema, answer, work }: Handlers<Frame, Task, Ports>,
  portsWith: (log: LogLine) => Ports,
) {
  const ports = portsWith((line) => console.info(line));
  const answering = answeringLambda(schema, answer, ports);
  const working = workerLambda(work, ports);
  return async (event: RouteEvent | Task, context: LambdaContext): Promise<RouteResult | undefined> => {
    if ("requestContext" in event) return answering(event, context);
    await working(event, context);
    return undefined;
  };
}
