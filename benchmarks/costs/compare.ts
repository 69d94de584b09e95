import { METRICS } from "../../chat/metrics.ts";
import { billOf, type Line, totalOf } from "./bill.ts";
import { type Load, monthOf } from "./load.ts";
import { ITEM_BYTES, textbookWork } from "./textbook.ts";
import { unitsOf } from "./units.ts";
import { workOfHandshake, workOfMessage } from "./work.ts";

/** A month of one design. */
export interface Month {
  readonly lines: readonly Line[];
  readonly dollars: number;
  /** From a message's being sent to its reaching the last of its audience, functions being warm. */
  readonly lastSeconds: number;
}

export interface Comparison {
  readonly chat: Month;
  readonly textbook: Month;
}

const GIGABYTE = 1e9;

/** The line that a function logs, as CloudWatch counts it: JSON, and 26 bytes for each event. */
const LOG_BYTES = 330;

/** The line of what it counts. */
const METRICS_BYTES = 380;

/** A message of 100 letters, with what DynamoDB adds (docs/costs.md), for the 30 days that it is kept. */
const MESSAGE_BYTES = 268;
const RETENTION_DAYS = 30;

/** The same load on this chat and on the design of the public samples. */
export async function compare(load: Load): Promise<Comparison> {
  return { chat: await chatMonth(load), textbook: await textbookMonth(load) };
}

async function chatMonth(load: Load): Promise<Month> {
  const { handshakes, said, messages, connectionMinutes, shareOfMonth } = monthOf(load);
  const [message, handshake] = [await workOfMessage(load.audience), await workOfHandshake()];
  const [connect, disconnect] = [
    unitsOf({ route: "$connect" }, load.connections),
    unitsOf({ route: "$disconnect", case: "in 1 channel" }, load.connections),
  ];
  const say = unitsOf({ route: "sendmessage" }, load.audience);
  const invocations = said * message.invocations + 2 * handshakes;
  const lines = billOf({
    messages,
    connectionMinutes,
    invocations,
    gigabyteSeconds: said * message.gigabyteSeconds + 2 * handshakes * handshake.gigabyteSeconds,
    readUnits: said * say.reads + handshakes * (connect.reads + disconnect.reads),
    writeUnits: said * say.writes + handshakes * (connect.writes + disconnect.writes),
    storedGigabytes: (load.connections * load.messagesPerDay * RETENTION_DAYS * MESSAGE_BYTES) / GIGABYTE,
    logGigabytes: (invocations * (LOG_BYTES + METRICS_BYTES)) / GIGABYTE,
    metricMonths: Object.keys(METRICS).length * shareOfMonth,
  });
  return { lines, dollars: totalOf(lines), lastSeconds: message.lastSeconds };
}

/** No metrics, no channels, no history, no names: a connection is an item, and a message is not stored. */
async function textbookMonth(load: Load): Promise<Month> {
  const { handshakes, said, messages, connectionMinutes } = monthOf(load);
  const [message, handshake] = [await textbookWork(load), await workOfHandshake()];
  const scanUnits = Math.ceil((load.connections * ITEM_BYTES) / 4096) / 2;
  const invocations = said + 2 * handshakes;
  const lines = billOf({
    messages,
    connectionMinutes,
    invocations,
    gigabyteSeconds: said * message.gigabyteSeconds + 2 * handshakes * handshake.gigabyteSeconds,
    readUnits: said * scanUnits,
    writeUnits: 2 * handshakes,
    storedGigabytes: 0,
    logGigabytes: (invocations * LOG_BYTES) / GIGABYTE,
    metricMonths: 0,
  });
  return { lines, dollars: totalOf(lines), lastSeconds: message.lastSeconds };
}
