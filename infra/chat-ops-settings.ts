import * as v from "valibot";
import { ACTIONS } from "../chatops/service.ts";
import { services } from "../chatops/services.ts";
import { group, oneOf, onOrOff, text, whole } from "./setting-rules.ts";

/** As EventBridge Scheduler says it. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based */
const interval = text(
  /^(1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))$/,
  'an interval such as "30 minutes", "1 hour" or "30 days"',
);

const groupName = text(/^\S+$/, "the name of a group, without spaces");

const CONFIRMATION_MINUTES_MAX = 24 * 60;

/** Which services are looked after from the chat, and how. */
export const chatOps = group({
  /** By their keys in chatops/services.ts. Of those that are not here, nothing is deployed. */
  services: v.record(
    oneOf(services.map(({ key }) => key)),
    /** In place of `rotateEvery` below. */
    group({ rotateEvery: v.exactOptional(interval) }),
    "an object of services",
  ),
  /** How often credentials are replaced, of services that can. */
  rotateEvery: interval,
  /** How long what is asked for waits for a second person. */
  confirmationMinutes: whole({ min: 1, max: CONFIRMATION_MINUTES_MAX }),
  /** The group that somebody must be in, by action, where it is another than chatops/rules.ts says. */
  groups: v.exactOptional(v.record(oneOf(ACTIONS), groupName, "an object of actions and groups")),
  /** Encrypts each secret with a key of its own. */
  ownKmsKey: onOrOff,
});

export type ChatOpsSettings = Readonly<v.InferOutput<typeof chatOps>>;

/** Why chat-ops cannot be, with this authentication: whoever asks must be in a group. Undefined where it can. */
export function chatOpsRefusal(kind: "none" | "iam" | "cognito" | "jwt"): string | undefined {
  if (kind === "cognito" || kind === "jwt") return undefined;
  const why = kind === "iam" ? "signatures name no groups" : "anybody may connect";
  return `chatOps, and the authentication "${kind}": ${why}, and each action needs a group. Take "cognito" or "jwt", or leave chatOps out`;
}
