import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { buildSync } from "esbuild";
import type { LogEntry } from "../src/lambda/log.ts";
import { type Emulator, start } from "../src/start.ts";
import { fixtureStack } from "../src/testing/fixture-stack.ts";
import { type Client, connect } from "./support/client.ts";
import {
  type AttachedDebugger,
  attach,
  attachToThreads,
  type DebuggerClient,
  type Paused,
  type Target,
} from "./support/debugger-client.ts";
import { rejection } from "./support/rejection.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

/** Line 5 answers, and line 4 throws for one message. */
const SOURCE = `interface Event { readonly body: string }
type Context = { getRemainingTimeInMillis(): number };
export const handler = async ({ body }: Event, context: Context): Promise<object> => {
  if (body === "fail") throw new Error("failed");
  return { statusCode: 200, body: body + (context.getRemainingTimeInMillis() > 60_000) };
};
`;

/** The source in a folder, and its code with a source map in another, as a bundler writes it. */
function aBuild(): { readonly source: string; readonly folder: string } {
  const source = join(temporaryDirectory(), "handler.ts");
  const folder = temporaryDirectory();
  writeFileSync(source, SOURCE);
  buildSync({
    entryPoints: [source],
    outfile: join(folder, "index.mjs"),
    format: "esm",
    minify: true,
    sourcemap: true,
    sourceRoot: pathToFileURL(folder).href.concat("/"),
  });
  return { source, folder };
}

describe("debugger", () => {
  const { source, folder } = aBuild();
  const log: LogEntry[] = [];
  let emulator: Emulator;
  let client: Client;

  before(async () => {
    const lambda = { filename: folder, timeout: 1 };
    emulator = await start({
      stackDirectory: fixtureStack({ routes: { $default: { code: "", routeResponse: true, lambda } } }),
      inspectPort: 0,
      log: (entry) => log.push(entry),
    });
    client = await connect(emulator.url);
    client.send("first ");
    await client.next();
  });
  after(async () => {
    await emulator.stop();
  });

  const targetsOf = async ({ inspectPort }: Emulator): Promise<readonly Target[]> =>
    (await (await fetch(`http://127.0.0.1:${inspectPort}/json/list`)).json()) as Target[];
  const attachTo = async (running: Emulator, title: string): Promise<AttachedDebugger> => {
    const target = (await targetsOf(running)).find((each) => each.title.includes(title));
    return attach(String(target?.webSocketDebuggerUrl));
  };

  const pausesAtBreakpoint = async (thread: DebuggerClient): Promise<void> => {
    await thread.setBreakpoint("handler.ts", 5);
    const paused = thread.event<Paused>("Debugger.paused");
    client.send("hello ");
    const at = thread.sourceOf(await paused);
    void thread.send("Debugger.resume");
    expect(at).to.equal(`${pathToFileURL(source).href}:5`);
    expect(await client.next()).to.equal("hello true");
  };

  it("lists the emulator first, then each thread with the name of its function", async () => {
    const titles = (await targetsOf(emulator)).map(({ title }) => title);
    expect(titles[0]).to.equal("emulator");
    expect(titles.at(-1)).to.include("_default");
  });

  it("pauses a function at a breakpoint in its TypeScript, without a timeout, as Chrome attaches", async () => {
    const thread = await attachTo(emulator, "_default");
    await thread.send("Debugger.enable");
    await pausesAtBreakpoint(thread);
    thread.socket.terminate();
  });

  it("pauses a function through the inspector of the process, as Visual Studio Code attaches", async () => {
    const main = await attachTo(emulator, "emulator");
    const threads = await attachToThreads(main);
    for (const thread of threads) await thread.send("Debugger.enable");
    const thread = threads.find(({ scripts }) => scripts.some(({ url }) => url.endsWith("_default/index.mjs")));
    await pausesAtBreakpoint(thread as DebuggerClient);
    main.socket.terminate();
  });

  it("logs stack traces with the lines of the TypeScript", async () => {
    client.send("fail");
    await client.next();
    expect(JSON.stringify(log.at(-1)?.message)).to.include(`${source}:4:`);
  });

  it("stops while a debugger is attached", async () => {
    const stack = { routes: { $default: { code: "", routeResponse: true, lambda: { filename: folder } } } };
    const other = await start({ stackDirectory: fixtureStack(stack), inspectPort: 0 });
    const main = await attachTo(other, "emulator");
    await main.send("Debugger.enable");
    await other.stop();
  });

  it("reports a port that is in use", async () => {
    const { inspectPort = 0 } = emulator;
    expect(await rejection(start({ stackDirectory: fixtureStack(), inspectPort }))).to.equal(
      `Port ${inspectPort} is in use. Stop the process that listens on it, or choose another port with --inspect=PORT.`,
    );
  });
});
