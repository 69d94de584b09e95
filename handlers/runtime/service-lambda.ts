import type { FrameSchema } from "../../chat/protocol/frames.ts";
import type { AcceptFramePorts } from "../../chat/use-cases/accept-frame.ts";
import type { FrameHandler } from "../../chat/use-cases/use-case.ts";
import { answeringLambda } from "./frame-lambda.ts";
import type { LambdaContext, RouteEvent, RouteResult } from "./lambda.ts";
import { type TaskHandler, workerLambda } from "./worker-lambda.ts";

/** The two entry points of a service's function: frames of users, and tasks of the schedule. */
export interface Handlers<Frame extends object, Task extends object, Ports> {
  readonly schema: FrameSchema<Frame>;
  readonly answer: FrameHandler<Frame, Ports>;
  readonly work: TaskHandler<Task, Ports>;
}

/** Writes an additional log line. It shows how far the function came if it is ended before its last line. */
export type LogLine = (line: object) => void;

/** The boundary of a function that API Gateway calls with a user's frame, and EventBridge Scheduler with a task. */
export function serviceLambda<Frame extends object, Task extends object, Ports extends AcceptFramePorts>(
  { schema, answer, work }: Handlers<Frame, Task, Ports>,
  portsWith: (log: LogLine) => Ports,
) {
  const ports = portsWith((line) => console.info(line));
  const handleFrame = answeringLambda(schema, answer, ports);
  const handleTask = workerLambda(work, ports);
  return async (event: RouteEvent | Task, context: LambdaContext): Promise<RouteResult | undefined> => {
    if ("requestContext" in event) return handleFrame(event, context);
    await handleTask(event, context);
    return undefined;
  };
}
