import { ARN, integer, oneOf, type TypeRules, text } from "./constraints.ts";

const AWS = "https://docs.aws.amazon.com/";
const SCHEDULER_NAME = text([1, 64], { pattern: /^[0-9a-zA-Z\-_.]+$/, shape: "letters, digits and -_." });
const EVENTS_NAME = text([1, 64], { pattern: /^[.\-_A-Za-z0-9]+$/, shape: "letters, digits and .-_" });

/**
 * `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2030-01-01T00:00:00)`. Unlike EventBridge rules, EventBridge Scheduler does
 * not tie the singular of a unit to 1, and one of the two day fields of cron is always `?`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const SCHEDULE_EXPRESSION =
  /^(rate\([1-9]\d* (minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\([\d*/,-]+ [\d*/,-]+ (\? [\dA-Z*/,-]+ [\dA-Z*/,#-]+|[\dLW*/,-]+ [\dA-Z*/,-]+ \?) [\d*/,-]+\))$/;

/** The rules of EventBridge and EventBridge Scheduler for the attributes of their resource types. */
export const eventBridgeRules: Readonly<Record<string, TypeRules>> = {
  aws_cloudwatch_event_bus: {
    page: `${AWS}eventbridge/latest/APIReference/API_CreateEventBus.html`,
    required: ["name"],
    attributes: {
      name: text([1, 256], {
        pattern: /^(?!default$)[.\-_A-Za-z0-9]+$/,
        shape: 'letters, digits and .-_, other than "default"',
      }),
      description: text([0, 512]),
    },
    unique: [{ attributes: ["name"] }],
  },
  aws_cloudwatch_event_rule: {
    page: `${AWS}eventbridge/latest/APIReference/API_PutRule.html`,
    attributes: {
      name: EVENTS_NAME,
      event_pattern: text([0, 4096]),
      description: text([0, 512]),
      state: oneOf("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
    },
    unique: [{ attributes: ["name", "event_bus_name"] }],
  },
  aws_cloudwatch_event_target: {
    page: `${AWS}eventbridge/latest/APIReference/API_PutTargets.html`,
    required: ["rule", "arn"],
    attributes: {
      rule: EVENTS_NAME,
      target_id: EVENTS_NAME,
      arn: text([1, 1600], ARN),
      "retry_policy.maximum_event_age_in_seconds": integer(60, 86_400),
      "retry_policy.maximum_retry_attempts": integer(0, 185),
    },
    unique: [{ attributes: ["target_id", "rule", "event_bus_name"] }],
  },
  aws_scheduler_schedule: {
    page: `${AWS}scheduler/latest/APIReference/API_CreateSchedule.html`,
    required: ["schedule_expression", "flexible_time_window.mode", "target.arn", "target.role_arn"],
    attributes: {
      name: SCHEDULER_NAME,
      group_name: SCHEDULER_NAME,
      description: text([0, 512]),
      schedule_expression: text([1, 256], {
        pattern: SCHEDULE_EXPRESSION,
        shape: "such as rate(5 minutes), cron(0 12 * * ? *) or at(2030-01-01T00:00:00)",
      }),
      state: oneOf("ENABLED", "DISABLED"),
      "flexible_time_window.mode": oneOf("OFF", "FLEXIBLE"),
      "flexible_time_window.maximum_window_in_minutes": integer(1, 1440),
      "target.arn": text([1, 1600], ARN),
      "target.role_arn": text([1, 1600], {
        pattern: /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        shape: "the ARN of a role",
      }),
      "target.retry_policy.maximum_event_age_in_seconds": integer(60, 86_400),
      "target.retry_policy.maximum_retry_attempts": integer(0, 185),
      "target.dead_letter_config.arn": text([1, 1600], {
        pattern: /^arn:aws(-[a-z]+)*:sqs:/,
        shape: "the ARN of a queue",
      }),
    },
    unique: [{ attributes: ["name", "group_name"] }],
  },
  aws_scheduler_schedule_group: {
    page: `${AWS}scheduler/latest/APIReference/API_CreateScheduleGroup.html`,
    attributes: { name: SCHEDULER_NAME },
    unique: [{ attributes: ["name"] }],
  },
};
