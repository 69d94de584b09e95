import { randomUUID } from "node:crypto";
import type { ServiceHandler, ServiceRequest, ServiceResponse } from "../http-server.ts";
import type { Guard } from "../iam/guard.ts";
import type { Report } from "../inspector/events.ts";
import type { Functions } from "../lambda/functions.ts";
import { partitionOf } from "../terraform/computed.ts";
import { busNameOf, type EventRuleConfig, type EventTargetConfig } from "../terraform/event-rules.ts";
import type { Stack } from "../terraform/stack.ts";
import { readEventPattern } from "./event-pattern.ts";

export interface EventBridgeOptions extends Pick<Functions, "functions" | "queues"> {
  /** The stack that runs now. An update replaces it. */
  readonly stack: () => Stack;
  readonly guard: Guard;
  /** Whether a permission of the function must allow the invocation. */
  readonly iam: boolean;
  readonly report: Report;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The prefix of the operation's name in a request. */
export const EVENTS_TARGET = "AWSEvents.";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const REQUEST_BYTES_MAX = 262_144;

type Fields = Readonly<Record<string, unknown>>;

/** Plays EventBridge: JSON 1.1, and only the operation PutEvents. */
export const eventBridgeService =
  (options: EventBridgeOptions): ServiceHandler =>
  (request) => {
    const entries = entriesIn(request);
    const accesses = (entries ?? []).map((entry) => ({
      ...{ action: "events:PutEvents", resource: busArn(entry, options.stack()) },
      context: { "events:source": [`${entry.Source}`], "events:detail-type": [`${entry.DetailType}`] },
    }));
    const verdict = options.guard(request, accesses);
    if (!("principal" in verdict)) return refuse(verdict.errorType, verdict.message);
    return putEvents(request, entries, options);
  };

/** Undefined if the request is not a PutEvents request with entries. */
function entriesIn({ headers, body }: ServiceRequest): readonly Fields[] | undefined {
  if (headers["x-amz-target"] !== `${EVENTS_TARGET}PutEvents`) return undefined;
  const { Entries } = parsed(body.toString("utf8")) ?? {};
  return Array.isArray(Entries) ? Entries.map((entry) => ({ ...entry })) : undefined;
}

/** Undefined if the text is not a JSON object. */
function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function busArn({ EventBusName }: Fields, { region, accountId }: Stack): string {
  const name = String(EventBusName ?? "default");
  return name.startsWith("arn:")
    ? name
    : `arn:${partitionOf(region).name}:events:${region}:${accountId}:event-bus/${name}`;
}

function putEvents(
  request: ServiceRequest,
  entries: readonly Fields[] | undefined,
  options: EventBridgeOptions,
): ServiceResponse {
  const operation = String(request.headers["x-amz-target"]).slice(EVENTS_TARGET.length);
  if (operation !== "PutEvents") {
    const message = `The emulator's EventBridge does not support the operation ${operation}. It supports PutEvents.`;
    options.report(message);
    return refuse("UnknownOperationException", message);
  }
  const problem = requestProblem(entries);
  if (entries === undefined || problem !== undefined) return refuse("ValidationException", problem ?? "");
  const results = entries.map((entry) => putEvent(entry, options));
  const FailedEntryCount = results.filter((result) => "ErrorCode" in result).length;
  return respond(200, { FailedEntryCount, Entries: results });
}

function requestProblem(entries: readonly Fields[] | undefined): string | undefined {
  if (entries === undefined || entries.length === 0 || entries.length > ENTRIES_MAX) {
    return `The request has ${entries?.length ?? "no"} Entries. It must have 1 to ${ENTRIES_MAX}.`;
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes <= REQUEST_BYTES_MAX) return undefined;
  return `Total size of the entries in the request is over the limit: ${bytes} bytes of ${REQUEST_BYTES_MAX}.`;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const sizeOf = ({ Time, Source, DetailType, Detail, Resources }: Fields): number =>
  [Source, DetailType, Detail, Resources]
    .flat()
    .reduce<number>((sum, text) => sum + Buffer.byteLength(`${text ?? ""}`), 0) + (Time === undefined ? 0 : 14);

type EntryResult = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

function putEvent(entry: Fields, options: EventBridgeOptions): EntryResult {
  const problem = entryProblem(entry, options.stack());
  if (problem) {
    options.report(`An event was not accepted: ${problem.ErrorMessage}`);
    return problem;
  }
  const EventId = randomUUID();
  const { region, accountId, eventRules } = options.stack();
  const event = {
    version: "0",
    id: EventId,
    "detail-type": entry.DetailType,
    source: entry.Source,
    account: accountId,
    time: timeOf(entry.Time, options.now),
    region,
    resources: entry.Resources ?? [],
    detail: parsed(String(entry.Detail)),
  };
  const bus = busNameOf(String(entry.EventBusName ?? "default"));
  for (const rule of eventRules) {
    if (rule.busName === bus && rule.isEnabled && readEventPattern(rule.pattern)(event)) deliver(event, rule, options);
  }
  return { EventId };
}

/** A time is in epoch seconds in JSON 1.1. Events have times without milliseconds. */
const timeOf = (time: unknown, now: () => number): string =>
  new Date(typeof time === "number" ? time * 1000 : now()).toISOString().replace(/\.\d+Z$/, "Z");

function entryProblem(entry: Fields, { eventBuses }: Stack): Extract<EntryResult, { ErrorCode: string }> | undefined {
  const missing = ["Source", "DetailType", "Detail"].find(
    (name) => typeof entry[name] !== "string" || entry[name] === "",
  );
  if (missing) {
    const ErrorMessage = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`;
    return { ErrorCode: "InvalidArgument", ErrorMessage };
  }
  if (String(entry.Source).startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (parsed(String(entry.Detail)) === undefined) {
    return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed. It must be a JSON object." };
  }
  const bus = busNameOf(String(entry.EventBusName ?? "default"));
  if (eventBuses.includes(bus)) return undefined;
  const ErrorMessage = `Event bus ${bus} does not exist. The stack has ${eventBuses.join(", ")}.`;
  return { ErrorCode: "ResourceNotFoundException", ErrorMessage };
}

function deliver(event: object, rule: EventRuleConfig, { functions, queues, iam, report }: EventBridgeOptions): void {
  for (const target of rule.targets) {
    if (target.mayInvoke || !iam) {
      [...functions.values()].find(({ config }) => config.arn === target.functionArn)?.invokeAsync(event);
      continue;
    }
    report(denial(rule, target));
    const attributes = { ERROR_CODE: "NO_PERMISSIONS", RULE_ARN: rule.arn, TARGET_ARN: target.functionArn };
    [...queues.values()].find(({ arn }) => arn === target.deadLetterQueue)?.send(JSON.stringify(event), attributes);
  }
}

const denial = (rule: EventRuleConfig, target: EventTargetConfig): string =>
  `${rule.address} could not invoke ${target.functionArn}, the target of ${target.address}. Add an aws_lambda_permission for the function with the principal events.amazonaws.com and the source_arn of the rule.`;

const refuse = (type: string, message: string): ServiceResponse => respond(400, { __type: type, message });

const respond = (status: number, body: object): ServiceResponse => ({
  status,
  headers: { "Content-Type": "application/x-amz-json-1.1" },
  body: JSON.stringify(body),
});
