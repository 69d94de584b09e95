import * as v from "valibot";
import { type ClientFrame, clientFrames } from "../chat/protocol/client-frames.ts";

/** Values that the fields of frames accept: a text or a name, a number of seconds, a flag, and the id of a message. */
const CANDIDATES: readonly unknown[] = ["hello", 60, true, "01M85X21JF1EDDXY0AX7YRAJ1S"];

/** A valid frame with the required fields only, so that a new route is measured without a case of its own. */
export function sampleFrame(route: ClientFrame["message"]): ClientFrame {
  const schema: v.GenericSchema = clientFrames[route];
  const fields = Object.entries<v.GenericSchema>(clientFrames[route].entries)
    .filter(([, field]) => !v.is(field, undefined))
    .map(([name, field]) => [name, CANDIDATES.find((candidate) => v.is(field, candidate))]);
  const frame: object = Object.fromEntries(fields);
  if (v.is(schema, frame)) return { message: route, ...frame } as ClientFrame;
  throw new Error(
    `No sample value fits every required field of the frame "${route}". Add a value to CANDIDATES in benchmarks/sample-frame.ts.`,
  );
}

export const isFrame = (route: string): route is ClientFrame["message"] => Object.hasOwn(clientFrames, route);
