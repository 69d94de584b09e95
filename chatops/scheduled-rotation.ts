import { perform, type Reply } from "./perform.ts";
import type { Ports } from "./ports.ts";
import type { Service } from "./service.ts";

export interface ScheduledRotation {
  readonly service: Service;
  /** When the rotation must be finished, in epoch milliseconds. */
  readonly deadline: number;
}

/** Throws if the rotation failed: Lambda then retries the event, and the alarm is raised after the last attempt. */
export async function rotateOnSchedule(ports: Ports, { service, deadline }: ScheduledRotation): Promise<Reply> {
  const reply = await perform(ports, { service, action: "rotate", by: "schedule", deadline });
  // Not a failure: a new schedule rotates immediately, usually before an operator has set the secret.
  const isSecretMissing = reply.failure === "unusable-secret";
  if (reply.outcome === "failed" && !isSecretMissing) throw new RotationFailed(service, reply);
  return reply;
}

class RotationFailed extends Error {
  constructor({ title }: Service, { failure }: Reply) {
    super(`The credential for ${title} was not rotated: ${failure}. See the audit trail for details.`);
    this.name = "RotationFailed";
  }
}
