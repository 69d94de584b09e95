import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/http-server";
import { expect } from "chai";
import { logGroupsOf } from "../../scripts/logs/follow.ts";
import { ROOT } from "../support/project-copy.ts";
import { environment, STACK } from "../support/synthesized.ts";
import { run, spawnCommand, stopped } from "../support/terminal.ts";

const LOGS = { cwd: ROOT, script: "scripts/logs.ts" };

interface LogsRequest {
  readonly logGroupName: string;
  readonly filterPattern?: string;
  readonly nextToken?: string;
}

/** A CloudWatch Logs server whose only events are those of `join`, on two pages. */
class StandIn {
  readonly requests: LogsRequest[] = [];
  readonly #server: Server;
  readonly #missing: string | undefined;
  endpoint = "";

  constructor({ missing }: { readonly missing?: string } = {}) {
    this.#missing = missing;
    this.#server = createServer(async (request, response) => {
      const received = (await json(request)) as LogsRequest;
      this.requests.push(received);
      response.statusCode = received.logGroupName === this.#missing ? 400 : 200;
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(JSON.stringify(this.#respondTo(received)));
    });
  }

  async start(): Promise<NodeJS.ProcessEnv> {
    const port = await listen(this.#server, 0);
    const credentials = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
    return { ...process.env, ...credentials, AWS_ENDPOINT_URL: `http://${LOOPBACK}:${port}` };
  }

  stop = (): Promise<void> => close(this.#server);

  #respondTo({ logGroupName, nextToken }: LogsRequest): object {
    if (logGroupName === this.#missing) return { __type: "ResourceNotFoundException" };
    if (!logGroupName.endsWith("-join")) return { events: [] };
    const message = JSON.stringify({ level: "INFO", message: { page: nextToken ?? "first" } });
    const event = { eventId: nextToken ?? "first", timestamp: Date.now(), message };
    return { events: [event], ...(nextToken === undefined && { nextToken: "second" }) };
  }
}

describe("scripts/logs", () => {
  let standIn: StandIn;
  afterEach(() => standIn.stop());

  it("prints the logs of all functions of an environment until Ctrl-C", async () => {
    standIn = new StandIn();
    const child = spawnCommand({ ...LOGS, env: await standIn.start() }, ["--filter", "page"]);
    let printed = "";
    // Both events are printed when every group has been read.
    while (printed.split("\n").length < 3) printed += await once(child.stdout, "data");
    expect(printed).to.match(/^[\d:]{8} INFO {2}join \{"page":"first"\}\n[\d:]{8} INFO {2}join \{"page":"second"\}\n$/);
    expect(standIn.requests.map(({ logGroupName }) => logGroupName)).to.include.members(
      Object.values(logGroupsOf(environment)),
    );
    expect(standIn.requests[0]?.filterPattern).to.equal("page");
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("explains what to do if the environment is not deployed", async () => {
    const missing = `/aws/lambda/${STACK}-connect`;
    standIn = new StandIn({ missing });
    const { code, stderr } = await run({ ...LOGS, env: await standIn.start() });
    expect(stderr).to.equal(`The log group ${missing} does not exist. Deploy the environment first.`);
    expect(code).to.equal(1);
  });

  it("lists the environments if the name is unknown", async () => {
    standIn = new StandIn();
    const { stderr } = await run({ ...LOGS, env: await standIn.start() }, "--environment", "nowhere");
    expect(stderr).to.match(/^There is no environment "nowhere" in infra\/environments\.ts\. Choose one of .*\bdev\b/);
  });
});
