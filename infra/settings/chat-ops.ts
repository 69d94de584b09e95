import * as v from "valibot";
import { ACTIONS } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { group, oneOf, onOrOff, printable, text, whole } from "./rules.ts";

const MINUTES = { minute: 1, hour: 60, day: 24 * 60 };

/**
 * A rotation stores two versions of the secret. Secrets Manager recommends at most one new version in ten minutes, because it
 * keeps about 100 versions and removes none younger than 24 hours. A rotation every 30 minutes stores 96 versions a day.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const ROTATION_MINUTES = { min: 30, max: 3_650 * MINUTES.day };

/** As EventBridge Scheduler writes it. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based */
const INTERVAL = /^(?:1 (minute|hour|day)|([2-9]|[1-9]\d{1,6}) (minute|hour|day)s)$/;

function minutesOf(interval: string): number {
  const [, one, count = "1", several] = INTERVAL.exec(interval) ?? [];
  return Number(count) * MINUTES[(one ?? several) as keyof typeof MINUTES];
}

const interval = v.pipe(
  text(INTERVAL, 'an interval such as "30 minutes", "1 hour" or "30 days"'),
  v.check(
    (every) => minutesOf(every) >= ROTATION_MINUTES.min,
    "at least 30 minutes, because a rotation stores two versions of the secret, and Secrets Manager keeps about 100 a day",
  ),
  v.check((every) => minutesOf(every) <= ROTATION_MINUTES.max, "at most 3650 days"),
);

const groupName = printable("the name of a group, as tokens have it");

const CONFIRMATION_MINUTES_MAX = 24 * 60;

/** The services whose credentials are managed from the chat. */
export const chatOps = group({
  /** By key, as in chatops/services.ts. Nothing is deployed for other services. */
  services: v.record(
    oneOf(services.map(({ key }) => key)),
    /** Replaces `rotateEvery` below. */
    group({ rotateEvery: v.exactOptional(interval) }),
    "an object of services",
  ),
  /** How often credentials are rotated, for services that support it. At least 30 minutes. */
  rotateEvery: interval,
  /** How long an action waits for confirmation by a second person. */
  confirmationMinutes: whole({ min: 1, max: CONFIRMATION_MINUTES_MAX }),
  /** The group that each action requires. Without it, the groups in chatops/rules.ts apply. */
  groups: v.exactOptional(v.record(oneOf(ACTIONS), groupName, "an object of actions and groups")),
  /** Encrypts each secret with its own KMS key. */
  ownKmsKey: onOrOff,
});

export type ChatOpsSettings = Readonly<v.InferOutput<typeof chatOps>>;

/** The reason why chat-ops does not work with this authentication; undefined if it does. Each action requires a group. */
export function chatOpsRefusal(kind: "none" | "iam" | "cognito" | "jwt"): string | undefined {
  if (kind === "cognito" || kind === "jwt") return undefined;
  return `chatOps, which requires groups, and the authentication "${kind}" has no groups. Use "cognito" or "jwt", or remove chatOps`;
}
