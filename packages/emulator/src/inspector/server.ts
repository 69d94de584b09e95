import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { reasonOf } from "../boundary.ts";
import type { Api } from "../gateway/api.ts";
import { summaryOf } from "../gateway/connection.ts";
import { callConnection } from "../gateway/management.ts";
import { readBody } from "../http-server.ts";
import type { Queue } from "../queue.ts";
import type { Stack } from "../terraform/stack.ts";
import type { History, HistoryEntry } from "./history.ts";
import { isNavigation, isOwnPage } from "./own-page.ts";
import { recorder } from "./recording.ts";
import { readItems } from "./table-items.ts";

export interface InspectorOptions {
  readonly history: History;
  readonly api: Api;
  /** Has the stack that runs now, which an update replaces. */
  readonly deployment: { readonly stack: Stack };
  /** A client that bypasses IAM. */
  readonly dynamodb: DynamoDBClient;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly schedules: ReadonlyMap<string, () => void>;
}

/** Where the page is. A stage can have this name; then the stage is served, and the page is not. */
export const INSPECTOR_PATH = "/_inspect";

/** The files of the page. They run in browsers as they are, so the package ships its sources. */
const PAGE = new URL("../../src/inspector/page/", import.meta.url);

const FILES: Readonly<Record<string, string>> = {
  "": "index.html",
  "/inspector.css": "inspector.css",
  "/main.js": "main.js",
  "/traffic.js": "traffic.js",
  "/elements.js": "elements.js",
  "/views.js": "views.js",
};

const TYPES: Readonly<Record<string, string>> = { html: "text/html", css: "text/css", js: "text/javascript" };

/** Scripts and styles of this port only. `data:` is the empty icon. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** If a page does not read its events, its connection is closed at this size. The page then connects again. */
const BUFFERED_BYTES_MAX = 16_777_216;

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string | Buffer;
}

const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) });
const DONE = json({});

/**
 * Undefined if the stage has the path of the page, because the name of a stage can begin with an underscore. Then the API
 * gets the requests. `address` has no scheme.
 */
export const inspectorUrlOf = (stageName: string, address: string): string | undefined =>
  `/${stageName}` === INSPECTOR_PATH ? undefined : new URL(INSPECTOR_PATH, `http://${address}`).href;

/** Adds the inspector page and its data to a server. Without a history, nothing is added. */
export function withInspector(
  history: History | undefined,
  parts: Omit<InspectorOptions, "history">,
): (elsewhere: RequestListener) => RequestListener {
  if (!history) return (elsewhere) => elsewhere;
  return (elsewhere) => (request, response) => {
    const path = pathOf(request);
    if (path === undefined) elsewhere(request, response);
    else void answer({ ...parts, history }, { request, path }, response).catch(() => response.destroy());
  };
}

/** The path after `/_inspect`, without the query string. Undefined if the request is for something else. */
const pathOf = ({ url = "" }: IncomingMessage): string | undefined =>
  /^\/_inspect(|\/[^?]*)(?:\?|$)/.exec(url)?.[1]?.replace(/^\/$/, "");

async function answer(options: InspectorOptions, call: Call, response: ServerResponse): Promise<void> {
  const { request, path } = call;
  if (!isOwnPage(request) && !(path === "" && isNavigation(request))) {
    const message = `The request comes from a page of another origin. Open the inspector page itself, at ${INSPECTOR_PATH}.`;
    return finish(response, json({ message }, 403));
  }
  if (path === "/events") return streamEvents(options, request, response);
  const result = respond(options, call).catch((fault) =>
    json({ message: `The request failed. ${reasonOf(fault)}` }, 400),
  );
  finish(response, await result);
}

function finish(response: ServerResponse, { status, type = "application/json", body }: Answer): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": `${type}; charset=utf-8` }).end(body);
}

interface Call {
  readonly request: IncomingMessage;
  /** After `/_inspect`. */
  readonly path: string;
}

async function respond(options: InspectorOptions, { request, path }: Call): Promise<Answer> {
  if (request.method === "POST") return act(options, path, await readJson(request));
  const file = FILES[path];
  if (file !== undefined) {
    return { status: 200, type: TYPES[file.split(".")[1] ?? ""] ?? "", body: readFileSync(new URL(file, PAGE)) };
  }
  switch (path) {
    case "/state":
      return json(stateOf(options));
    case "/items":
      return itemsOf(options, new URLSearchParams(request.url?.split("?")[1]));
    case "/session.jsonl":
      return { status: 200, type: "application/jsonl", body: recordingOf(options.history) };
    default:
      return json({ message: `The inspector has no ${path}.` }, 404);
  }
}

/** A body of another type is refused, because a page of another origin could send it without asking the browser. */
async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (request.headers["content-type"] !== "application/json") throw new Error("The body must be application/json.");
  return JSON.parse(String(await readBody(request)));
}

function act({ api, history, schedules }: InspectorOptions, path: string, input: Record<string, unknown>): Answer {
  const connectionId = String(input.connectionId);
  const call = (method: string, text = "") => {
    const { status } = callConnection(api, { connectionId, method, body: Buffer.from(text), caller: "inspector" });
    return json({ status });
  };
  switch (path) {
    case "/push":
      return call("POST", String(input.text));
    case "/close":
      return call("DELETE");
    case "/clear":
      history.clear();
      return DONE;
    case "/run": {
      const run = schedules.get(String(input.schedule));
      run?.();
      return run ? DONE : json({ message: `The stack has no schedule ${input.schedule}.` }, 404);
    }
    default:
      return json({ message: `The inspector has no ${path}.` }, 404);
  }
}

/** What the page shows besides events. */
function stateOf({ api, deployment, queues }: InspectorOptions): object {
  const { name, stage, tables, schedules } = deployment.stack;
  return {
    name,
    stage: stage.name,
    tables: tables.map((table) => ({ name: table.name, keys: table.keys.map(({ attribute }) => attribute) })),
    schedules: schedules.map(({ name, intervalMilliseconds, isEnabled }) => ({
      name,
      intervalMilliseconds,
      isEnabled,
    })),
    queues: [...queues.values()].map(({ name, messages }) => ({
      name,
      count: messages.length,
      newest: messages.slice(-QUEUE_MESSAGES_MAX).reverse(),
    })),
    connections: [...api.connections.values()].map(summaryOf),
  };
}

const QUEUE_MESSAGES_MAX = 50;

async function itemsOf({ deployment, dynamodb }: InspectorOptions, query: URLSearchParams): Promise<Answer> {
  const table = deployment.stack.tables.find(({ name }) => name === query.get("table"));
  if (!table) return json({ message: `The stack has no table ${query.get("table")}.` }, 404);
  const { after = undefined } = Object.fromEntries(query);
  return json(await readItems(dynamodb, table, { filter: query.get("filter") ?? "", after }));
}

function recordingOf({ entries }: History): string {
  const lines: string[] = [];
  const record = recorder((line) => lines.push(`${line}\n`));
  for (const { event, at } of entries) record(event, at);
  return lines.join("");
}

/**
 * Sends the history, and then each new event. A browser that reconnects gets only the events that it has missed.
 * https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events/Using_server-sent_events
 */
function streamEvents({ history }: InspectorOptions, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
  const seen = Number(request.headers["last-event-id"] ?? 0);
  const send = ({ number, at, event }: HistoryEntry): void => {
    response.write(`id: ${number}\ndata: ${JSON.stringify({ number, at, ...event })}\n\n`);
    if (response.writableLength > BUFFERED_BYTES_MAX) response.destroy();
  };
  for (const entry of history.entries) if (entry.number > seen) send(entry);
  // The page shows the history at once, and not entry by entry.
  response.write("event: current\ndata:\n\n");
  response.on("close", history.subscribe(send));
}
