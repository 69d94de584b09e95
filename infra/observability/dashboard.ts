import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { Construct } from "constructs";
import type { Metric as ChatMetric } from "../../chat/metrics.ts";
import { stackName, withId } from "../names.ts";
import { type Metric, ofChat, ofFunction, ofQueue, ofStage, ofTable, type Watched } from "./metrics.ts";

/** A graph, and the metrics in it. */
type Graph = readonly [title: string, metrics: readonly Metric[]];

/** The grid of CloudWatch has 24 columns. */
const GRAPH = { width: 12, height: 6 };

const PERIOD_SECONDS = 60;

/** Two graphs in each row: connections, messages, latency, errors and capacity. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    const dashboard = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: stackName(watched.environment),
      dashboardBody: JSON.stringify({
        widgets: graphsOf(watched).map((graph, index) => widget(watched, graph, index)),
      }),
    });
    withId(dashboard, id);
  }
}

const graphsOf = ({ environment, functions, stage, tableName, queueNames }: Watched): readonly Graph[] => {
  const chat = (...names: ChatMetric[]) => names.map((name) => ofChat(environment, name));
  const each = (name: "Errors" | "Throttles") => functions.map(({ functionName }) => ofFunction(functionName, name));
  return [
    ["Connections opened and closed", chat("ConnectionsOpened", "ConnectionsClosed")],
    ["Handshakes and messages at API Gateway", [ofStage(stage, "ConnectCount"), ofStage(stage, "MessageCount")]],
    ["Messages accepted", chat("MessagesAccepted")],
    ["Pushes", chat("PushesDelivered", "PushesGone", "PushesThrottled", "PushesFailed", "StalledConnectionsClosed")],
    ["Fan-out time", ["p50", "p99"].map((statistic) => ofChat(environment, "FanOutTime", statistic))],
    ["Failed events that wait", queueNames.map(ofQueue)],
    ["Errors of functions", [...chat("Faults", "EventsLost", "EventsRefused"), ...each("Errors")]],
    ["Throttles of functions", each("Throttles")],
    [
      "Errors at API Gateway",
      (["ClientError", "IntegrationError", "ExecutionError"] as const).map((name) => ofStage(stage, name)),
    ],
    ["Throttles of the table", [ofTable(tableName, "ReadThrottleEvents"), ofTable(tableName, "WriteThrottleEvents")]],
    [
      "Units of the table",
      [ofTable(tableName, "ConsumedReadCapacityUnits"), ofTable(tableName, "ConsumedWriteCapacityUnits")],
    ],
  ];
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const widget = ({ environment: { region } }: Watched, [title, metrics]: Graph, index: number) => ({
  type: "metric",
  x: (index % 2) * GRAPH.width,
  y: Math.floor(index / 2) * GRAPH.height,
  ...GRAPH,
  properties: { title, region, view: "timeSeries", period: PERIOD_SECONDS, metrics: metrics.map(lineOf) },
});

const lineOf = ({ namespace, metricName, dimensions = {}, statistic: stat }: Metric): readonly unknown[] => [
  namespace,
  metricName,
  ...Object.entries(dimensions).flat(),
  { stat },
];
