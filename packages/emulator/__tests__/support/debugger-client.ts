import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";

type Parameters = Readonly<Record<string, unknown>>;

export interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

export interface Paused {
  readonly callFrames: readonly {
    readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
  }[];
}

/** A client of the Chrome DevTools Protocol. https://chromedevtools.github.io/devtools-protocol/ */
export class DebuggerClient {
  readonly scripts: ParsedScript[] = [];
  readonly events = new EventEmitter();
  readonly #write: (message: string) => void;
  #lastId = 0;

  constructor(write: (message: string) => void) {
    this.#write = write;
    this.events.on("Debugger.scriptParsed", (script: ParsedScript) => this.scripts.push(script));
  }

  receive(message: string): void {
    const { id, method, params, result, error } = JSON.parse(message);
    this.events.emit(method ?? `result ${id}`, method ? params : (result ?? error));
  }

  async send(method: string, params: Parameters = {}): Promise<Parameters> {
    this.#lastId += 1;
    const result = once(this.events, `result ${this.#lastId}`);
    this.#write(JSON.stringify({ id: this.#lastId, method, params }));
    return (await result)[0];
  }

  async event<Event>(method: string): Promise<Event> {
    return (await once(this.events, method))[0];
  }

  /** Sets a breakpoint at a line of a source file, counted from 1, as an editor does: through the source map. */
  async setBreakpoint(source: string, line: number): Promise<void> {
    for (const script of this.scripts.filter(({ sourceMapURL }) => sourceMapURL !== "")) {
      const { url } = script;
      for (const { generatedLine, generatedColumn } of positionsOf(script, source, line)) {
        await this.send("Debugger.setBreakpointByUrl", {
          url,
          lineNumber: generatedLine,
          columnNumber: generatedColumn,
        });
        return;
      }
    }
    throw new Error(`No script has the source ${source}.`);
  }

  /** The source file and line at which a thread is paused. */
  sourceOf({ callFrames: [frame] }: Paused): string {
    const script = this.scripts.find(({ scriptId }) => scriptId === frame?.location.scriptId);
    if (!frame || !script) throw new Error("The thread is not paused in a script with a source map.");
    const { lineNumber, columnNumber } = frame.location;
    const map = sourceMapOf(script);
    const { originalSource, originalLine } = map.findEntry(lineNumber, columnNumber) as Entry;
    const { href } = new URL(`${map.payload.sourceRoot}${originalSource}`, script.url);
    return `${href}:${originalLine + 1}`;
  }
}

interface Entry {
  readonly generatedLine: number;
  readonly generatedColumn: number;
  readonly originalSource: string;
  readonly originalLine: number;
}

const sourceMapOf = ({ url, sourceMapURL }: ParsedScript): SourceMap =>
  new SourceMap(JSON.parse(readFileSync(fileURLToPath(new URL(sourceMapURL, url)), "utf8")));

function positionsOf(script: ParsedScript, source: string, line: number): Entry[] {
  const map = sourceMapOf(script);
  const lines = readFileSync(fileURLToPath(script.url), "utf8").split("\n");
  return lines
    .flatMap((text, index) => [...text].map((_, column) => map.findEntry(index, column) as Entry))
    .filter((entry) => entry.originalSource?.endsWith(source) && entry.originalLine === line - 1);
}

/** An item of `/json/list`. */
export interface Target {
  readonly title: string;
  readonly webSocketDebuggerUrl: string;
}

export type AttachedDebugger = DebuggerClient & { readonly socket: WebSocket };

/** Attaches to a target. */
export async function attach(webSocketDebuggerUrl: string): Promise<AttachedDebugger> {
  const socket = new WebSocket(webSocketDebuggerUrl);
  const client = new DebuggerClient((message) => socket.send(message));
  socket.on("message", (data) => client.receive(String(data)));
  await once(socket, "open");
  return Object.assign(client, { socket });
}

/** Attaches to the threads of a process through the inspector of the process, as Visual Studio Code does. */
export async function attachToThreads(main: DebuggerClient): Promise<readonly DebuggerClient[]> {
  const threads = new Map<string, DebuggerClient>();
  main.events.on("NodeWorker.attachedToWorker", ({ sessionId }) => {
    const write = (message: string) => void main.send("NodeWorker.sendMessageToWorker", { sessionId, message });
    threads.set(sessionId, new DebuggerClient(write));
  });
  main.events.on("NodeWorker.receivedMessageFromWorker", ({ sessionId, message }) =>
    threads.get(sessionId)?.receive(message),
  );
  await main.send("NodeWorker.enable", { waitForDebuggerOnStart: false });
  return [...threads.values()];
}
