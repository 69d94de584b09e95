import type { EmulatorEvent, HandshakeEvent } from "./events.ts";

/*
 * A recording is a file of JSON lines. The first line has the version. Connections have labels: c1, c2, and so on.
 * `at` is the time since the first line, in milliseconds.
 */

const VERSION = 1;

interface OfConnection {
  readonly at: number;
  readonly connection: string;
}

/** One line of a recording, after the first. */
export type RecordedStep =
  | (OfConnection & {
      readonly event: "connect";
      /** With its question mark; empty if there is none. */
      readonly query: string;
      readonly headers: Readonly<Record<string, readonly string[]>>;
    })
  | (OfConnection & { readonly event: "connected" })
  | (OfConnection & { readonly event: "refused"; readonly status: number })
  | (OfConnection & { readonly event: "client-frame"; readonly text: string })
  | (OfConnection & { readonly event: "server-frame"; readonly text: string })
  | (OfConnection & { readonly event: "client-close"; readonly code: number; readonly reason: string })
  | (OfConnection & { readonly event: "server-close"; readonly code: number; readonly reason: string })
  | { readonly at: number; readonly event: "schedule"; readonly name: string };

type WithoutTime<Step> = Step extends unknown ? Omit<Step, "at"> : never;

/** These belong to one TCP connection, and the client of a replay sends its own. */
const OWN_HEADERS = /^(host|connection|upgrade|content-length|sec-websocket-(key|version|extensions))$/i;

/**
 * Translates events into the lines of a recording. It omits connections whose handshake it has not seen, and pushes of
 * the developer.
 */
export function recorder(write: (line: string) => void): (event: EmulatorEvent, at: number) => void {
  const labels = new Map<string, string>();
  let start: number | undefined;
  return (event, now) => {
    if (start === undefined) {
      start = now;
      write(JSON.stringify({ recording: VERSION }));
    }
    if (event.kind === "handshake") labels.set(event.connectionId, `c${labels.size + 1}`);
    const label = "connectionId" in event ? labels.get(event.connectionId) : undefined;
    const step = stepOf(event, label);
    if (step) write(JSON.stringify({ at: now - start, ...step }));
  };
}

function stepOf(event: EmulatorEvent, connection: string | undefined): WithoutTime<RecordedStep> | undefined {
  if (event.kind === "scheduled") return { event: "schedule", name: event.name };
  if (connection === undefined) return undefined;
  switch (event.kind) {
    case "handshake":
      return { event: "connect", connection, ...handshakeOf(event) };
    case "opened":
      return { event: "connected", connection };
    case "answered": {
      const isRefused = event.routeKey === "$connect" && event.status !== 200;
      return isRefused ? { event: "refused", connection, status: event.status } : undefined;
    }
    case "received":
      return { event: "client-frame", connection, text: event.text };
    case "sent":
      return { event: "server-frame", connection, text: event.text };
    case "pushed": {
      const isFrame = event.status === 200 && event.method === "POST" && !isOfDeveloper(event.caller);
      return isFrame ? { event: "server-frame", connection, text: event.text ?? "" } : undefined;
    }
    case "closed":
      return { event: `${event.by}-close`, connection, code: event.code, reason: event.reason };
    default:
      return undefined;
  }
}

const isOfDeveloper = (caller: string | undefined): boolean => caller === "developer" || caller === "inspector";

const handshakeOf = ({ path, headers }: HandshakeEvent) => ({
  query: path.includes("?") ? path.slice(path.indexOf("?")) : "",
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name))),
});

/** Throws an error that names the line if the text is not a recording. */
export function parseRecording(text: string): RecordedStep[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [first, ...steps] = lines.map((line, index) => parseLine(line, index + 1));
  const version = (first as { readonly recording?: unknown } | undefined)?.recording;
  if (version !== VERSION) {
    const received = version === undefined ? "does not begin" : `begins with the version ${JSON.stringify(version)}`;
    throw new Error(
      `The file is not a recording that can be replayed: it ${received}${version === undefined ? ` with {"recording":${VERSION}}` : ""}. Make a recording of version ${VERSION} with --record, or download one from the inspector page.`,
    );
  }
  return steps as RecordedStep[];
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (fault) {
    throw new Error(`Line ${number} of the recording is not JSON. Each line must be one JSON object.`, {
      cause: fault,
    });
  }
}
