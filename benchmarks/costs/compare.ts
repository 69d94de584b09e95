import { METRIC_COUNT } from "../../chat/metrics.ts";
import { billOf, type Line, totalOf } from "./bill.ts";
import { ITEM_BYTES, textbookWork } from "./textbook.ts";
import { type Load, monthOf, unitsOf, workOfHandshake, workOfMessage } from "./work.ts";

/** A month of one design. */
export interface Month {
  readonly lines: readonly Line[];
  readonly dollars: number;
  /** From sending a message to its last delivery, with warm functions. */
  readonly lastSeconds: number;
}

export interface Comparison {
  readonly chat: Month;
  readonly textbook: Month;
}

const GIGABYTE = 1e9;

/** The log line of an invocation. CloudWatch adds 26 bytes to each event. */
const LOG_BYTES = 330;

/** The line with the metrics of an invocation. */
const METRICS_BYTES = 380;

/** A message of 100 letters, with what DynamoDB adds (docs/costs.md). It is stored for 30 days. */
const MESSAGE_BYTES = 268;
const RETENTION_DAYS = 30;

/** Compares the cost of a load on this chat and on the design of the public samples. */
export async function compare(load: Load): Promise<Comparison> {
  return { chat: await chatMonth(load), textbook: await textbookMonth(load) };
}

async function chatMonth(load: Load): Promise<Month> {
  const { handshakes, sent, messages, connectionMinutes, shareOfMonth } = monthOf(load);
  const [message, handshake] = [await workOfMessage(load.audience), await workOfHandshake()];
  const [connect, disconnect] = [
    unitsOf({ route: "$connect" }, load.connections),
    unitsOf({ route: "$disconnect", case: "in 1 channel" }, load.connections),
  ];
  const send = unitsOf({ route: "sendmessage" }, load.audience);
  const invocations = sent * message.invocations + 2 * handshakes;
  const lines = billOf({
    messages,
    connectionMinutes,
    invocations,
    gigabyteSeconds: sent * message.gigabyteSeconds + 2 * handshakes * handshake.gigabyteSeconds,
    readUnits: sent * send.reads + handshakes * (connect.reads + disconnect.reads),
    writeUnits: sent * send.writes + handshakes * (connect.writes + disconnect.writes),
    storedGigabytes: (load.connections * load.messagesPerDay * RETENTION_DAYS * MESSAGE_BYTES) / GIGABYTE,
    logGigabytes: (invocations * (LOG_BYTES + METRICS_BYTES)) / GIGABYTE,
    metricMonths: METRIC_COUNT * shareOfMonth,
  });
  return { lines, dollars: totalOf(lines), lastSeconds: message.lastSeconds };
}

/** The design of the public samples has no metrics, channels, history or names. Only connections are stored. */
async function textbookMonth(load: Load): Promise<Month> {
  const { handshakes, sent, messages, connectionMinutes } = monthOf(load);
  const [message, handshake] = [await textbookWork(load), await workOfHandshake()];
  const scanUnits = Math.ceil((load.connections * ITEM_BYTES) / 4096) / 2;
  const invocations = sent + 2 * handshakes;
  const lines = billOf({
    messages,
    connectionMinutes,
    invocations,
    gigabyteSeconds: sent * message.gigabyteSeconds + 2 * handshakes * handshake.gigabyteSeconds,
    readUnits: sent * scanUnits,
    writeUnits: 2 * handshakes,
    storedGigabytes: 0,
    logGigabytes: (invocations * LOG_BYTES) / GIGABYTE,
    metricMonths: 0,
  });
  return { lines, dollars: totalOf(lines), lastSeconds: message.lastSeconds };
}
