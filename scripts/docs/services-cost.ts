import { prices } from "@serverless-chat/plan-review/prices";
import { table } from "./table.ts";

const {
  aws_secretsmanager_secret: secret,
  aws_kms_key: key,
  aws_cloudwatch_metric_alarm: alarm,
} = prices.dollarsPerMonth;

const row = (what: string, dollars: number): readonly string[] => [what, `$${dollars.toFixed(2)}`];

/** What a service of chat-ops costs that nobody uses. */
export const servicesCost = table(
  ["each enabled service", "a month"],
  [
    row("its secret", secret),
    row("its alarm", alarm),
    row("its key, with `ownKmsKey`, in the first year", key),
    row("the same, from the third year on", 3 * key),
  ],
);
