import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { buildSync } from "esbuild";
import { endChild } from "../../../benchmarks/harness/child-process.ts";
import { BUNDLE_OPTIONS } from "../../../infra/bundle.ts";
import { REGION, STAGE } from "../fixture/fixture-environment.ts";
import { functions, type ProbeDefinition, type ProbeRoute } from "../fixture/probe-definition.ts";
import { type StackName, stacks } from "../fixture/stacks.ts";
import { type Address, accepts } from "../target.ts";

/** The stacks that a `serverless.yml` can express: proxy integrations, without request models. */
const EXPRESSIBLE: readonly StackName[] = ["main", "bare", "selection", "authorizer", "unguarded"];

const START_MILLISECONDS_MAX = 60_000;
const POLL_MILLISECONDS = 200;
const TABLE = "records";

/** A started engine, with the addresses of its stages, as `TARGET` expects them. */
export interface RunningEngine {
  readonly targets: Readonly<Partial<Record<StackName, Address>>>;
  stop(): Promise<void>;
}

/**
 * Installs serverless-offline into a temporary directory, and starts it once for each stack. The functions have the table
 * of the emulator's DynamoDB, because serverless-offline has none.
 */
export async function startServerlessOffline(): Promise<RunningEngine> {
  const folder = temporaryDirectory();
  const manifest = new URL("../../../benchmarks/emulator/serverless-offline/package.json", import.meta.url);
  copyFileSync(fileURLToPath(manifest), join(folder, "package.json"));
  await promisify(execFile)("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  const store = await startTable();
  const running = await Promise.all(EXPRESSIBLE.map((name) => startStack(name, { folder, dynamodb: store.url })));
  return {
    targets: Object.fromEntries(running.map(({ name, address }) => [name, address])),
    async stop() {
      await Promise.all(running.map((stack) => stack.stop()));
      await store.stop();
    },
  };
}

async function startTable() {
  const keys = [
    { attribute: "pk", role: "HASH", type: "S" },
    { attribute: "sk", role: "RANGE", type: "S" },
  ] as const;
  const tables = [{ name: TABLE, keys, indexes: [], ttlAttribute: undefined }];
  const guardData = { place: { region: REGION, accountId: "000000000000" }, tables, principals: undefined };
  const store = await startStore({}, { guardData, report: () => undefined });
  await createTables(store.client, tables);
  return store;
}

interface StackOptions {
  /** The folder with the packages. */
  readonly folder: string;
  readonly dynamodb: string;
}

interface RunningStack {
  readonly name: StackName;
  readonly address: Address;
  stop(): Promise<void>;
}

async function startStack(name: StackName, { folder, dynamodb }: StackOptions): Promise<RunningStack> {
  const directory = join(folder, name);
  mkdirSync(directory);
  symlinkSync(join(folder, "node_modules"), join(directory, "node_modules"));
  buildSync({
    ...{ ...BUNDLE_OPTIONS, write: true, outdir: directory },
    entryPoints: ["probe", "authorizer"].map((entry) => `__tests__/conformance/probes/${entry}.ts`),
  });
  const [websocketPort = 0, httpPort, lambdaPort] = await freePorts(3);
  const environment = {
    ...{ AWS_REGION: REGION, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", TABLE_NAME: TABLE },
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `http://127.0.0.1:${websocketPort}`,
  };
  writeFileSync(join(directory, "serverless.json"), JSON.stringify(serviceOf(stacks[name], environment)));
  const ports = [`--websocketPort=${websocketPort}`, `--httpPort=${httpPort}`, `--lambdaPort=${lambdaPort}`];
  const command = ["node_modules/serverless/bin/serverless.js", "offline", "start", "--useInProcess"];
  const stop = keepRunning([...command, "--host=127.0.0.1", ...ports], directory);
  await untilListening(websocketPort);
  const origin = `127.0.0.1:${websocketPort}`;
  return { name, address: { url: `ws://${origin}/${STAGE}`, managementUrl: `http://${origin}` }, stop };
}

/** Some requests end serverless-offline, so it is started again. Returns the function that stops it. */
function keepRunning(command: readonly string[], directory: string): () => Promise<void> {
  let child: ChildProcess;
  let isStopping = false;
  const run = () => {
    const env = { ...process.env, SLS_TELEMETRY_DISABLED: "1" };
    child = spawn(process.execPath, command, { cwd: directory, stdio: "ignore", env });
    child.once("exit", () => isStopping || run());
  };
  process.once("exit", () => child.kill("SIGKILL"));
  run();
  return () => {
    isStopping = true;
    return endChild(child);
  };
}

/** The configuration of Serverless for a stack. Routes without a permission are left out. */
const serviceOf = (
  { routes, selection = "$request.body.action", authorizer }: ProbeDefinition,
  environment: Readonly<Record<string, string>>,
): object => ({
  service: "conformance",
  frameworkVersion: "3",
  plugins: ["serverless-offline"],
  provider: {
    ...{ name: "aws", stage: STAGE, region: REGION, runtime: "nodejs20.x", environment },
    websocketsApiRouteSelectionExpression: selection,
  },
  functions: {
    ...Object.fromEntries(
      Object.entries(routes).map(([key, route], index) => [
        `route${index}`,
        functionOf(key, route, authorizer?.identitySources),
      ]),
    ),
    ...(authorizer && { authorizer: { handler: "authorizer.handler" } }),
  },
});

function functionOf(
  route: string,
  { function: name, response, authorization }: ProbeRoute,
  identitySources: readonly string[] | undefined,
): object {
  const event = {
    route,
    ...(response === "whole" && { routeResponseSelectionExpression: "$default" }),
    ...(authorization && { authorizer: { name: "authorizer", identitySource: identitySources } }),
  };
  return { handler: "probe.handler", timeout: functions[name].timeoutSeconds, events: [{ websocket: event }] };
}

async function untilListening(port: number): Promise<void> {
  for (const end = Date.now() + START_MILLISECONDS_MAX; Date.now() < end; await sleep(POLL_MILLISECONDS)) {
    if (await accepts(port, "127.0.0.1")) return;
  }
  throw new Error("serverless-offline did not start. Run it in its folder to see why.");
}

/** Opens all ports at the same time, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
