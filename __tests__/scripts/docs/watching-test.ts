import { Testing } from "cdktf";
import { expect } from "chai";
import { ALARM_METRICS } from "../../../scripts/docs/alarms.ts";
import { aChatStack, WATCHED } from "../../support/synthesized.ts";

/** Alarms are paid for by the metrics that they look at. */
function metricsOfAlarms(environment: object): number {
  const { resource } = JSON.parse(Testing.synth(aChatStack({ environment }), true));
  return Object.values<{ metric_query?: { metric?: object }[] }>(resource.aws_cloudwatch_metric_alarm)
    .map(({ metric_query = [{ metric: {} }] }) => metric_query.filter(({ metric }) => metric).length)
    .reduce((sum, metrics) => sum + metrics);
}

describe("scripts/docs/watching", () => {
  it("counts the metrics that alarms look at as the Terraform has them", () => {
    expect(metricsOfAlarms(WATCHED) - metricsOfAlarms({})).to.equal(ALARM_METRICS);
  });
});
