import { Testing } from "cdktf";
import { expect } from "chai";
import { ALARM_METRICS } from "../../../scripts/docs/alarms.ts";
import { aChatStack, WATCHED } from "../../support/synthesized.ts";

/** The number of metrics of all alarms, by which CloudWatch bills them. */
function metricsOfAlarms(environment: object): number {
  const { resource } = JSON.parse(Testing.synth(aChatStack({ environment }), true));
  return Object.values<{ metric_query?: { metric?: object }[] }>(resource.aws_cloudwatch_metric_alarm)
    .map(({ metric_query = [{ metric: {} }] }) => metric_query.filter(({ metric }) => metric).length)
    .reduce((sum, metrics) => sum + metrics);
}

describe("scripts/docs/alarms", () => {
  it("counts as many metrics as the alarms in the Terraform have", () => {
    expect(metricsOfAlarms(WATCHED) - metricsOfAlarms({})).to.equal(ALARM_METRICS);
  });
});
