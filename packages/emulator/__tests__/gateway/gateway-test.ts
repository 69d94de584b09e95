import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type RequestOptions, request } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { realClock } from "../../src/clock.ts";
import { type Emulator, type EmulatorOptions, start } from "../../src/start.ts";
import { type FixtureRoute, fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Requests an upgrade with these headers, which may be invalid. Resolves with the status of a refusal. */
async function refusal(url: string, { headers, ...options }: RequestOptions): Promise<number> {
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
  const key = Buffer.from("the sample nonce").toString("base64");
  const sent = { ...upgrade, "Sec-WebSocket-Key": key, ...(headers as Readonly<Record<string, string>>) };
  const [response] = await once(request(url.replace("ws:", "http:"), { ...options, headers: sent }).end(), "response");
  return response.resume().statusCode;
}

/* The conformance suite tests the rules of API Gateway. These are decisions of the emulator. */
describe("gateway", () => {
  let emulator: Emulator | undefined;

  async function play(
    routes: Readonly<Record<string, FixtureRoute>>,
    options: Partial<EmulatorOptions> = {},
  ): Promise<Emulator> {
    emulator = await start({ stackDirectory: fixtureStack({ routes }), ...options });
    return emulator;
  }

  afterEach(async () => {
    await emulator?.stop();
    emulator = undefined;
  });

  it("runs $disconnect for a client that disconnects while $connect runs", async () => {
    const isGone = join(temporaryDirectory(), "is-gone");
    const waiting = `
      import { existsSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      export const handler = async () => {
        console.info({ started: true });
        while (!existsSync(${JSON.stringify(isGone)})) await sleep(5);
        return { statusCode: 200 };
      };`;
    const logging = "export const handler = async (event) => console.info(event.requestContext);";
    const client = new AbortController();
    let disconnected: (code: unknown) => void = () => undefined;
    const code = new Promise((resolve) => {
      disconnected = resolve;
    });
    const { url } = await play(
      { $connect: { code: waiting }, $disconnect: { code: logging } },
      {
        log({ message }) {
          const { started, disconnectStatusCode } = message as Record<string, unknown>;
          if (started) client.abort();
          else disconnected(disconnectStatusCode);
        },
      },
    );
    await refusal(url, { signal: client.signal }).catch(() => undefined);
    writeFileSync(isGone, "");
    expect(await code).to.equal(1006);
  });

  it("accepts a message in any number of frames (LM-02)", async () => {
    const { url } = await play({
      $default: { code: returning("{ statusCode: 200, body: `${event.body.length}` }"), routeResponse: true },
    });
    const client = await connect(url);
    for (let left = 20_000; left > 0; left -= 1) client.socket.send("x", { fin: left === 1 });
    expect(await client.next()).to.equal("20000");
  });

  it("answers a request to @connections that fails unexpectedly with InternalFailure", async () => {
    let isBroken = false;
    const now = () => {
      if (isBroken) throw new Error("no time");
      return Date.now();
    };
    const { managementUrl } = await play({}, { iam: false, clock: { ...realClock, now } });
    isBroken = true;
    const response = await fetch(`${managementUrl}/@connections/AAAA`);
    isBroken = false;
    expect([response.status, response.headers.get("x-amzn-errortype")]).to.deep.equal([500, "InternalFailure"]);
  });

  for (const value of [null, "", [null]]) {
    it(`ignores a subprotocol header with the value ${JSON.stringify(value)}`, async () => {
      const kind = Array.isArray(value) ? "multiValueHeaders" : "headers";
      const result = { statusCode: 200, [kind]: { "Sec-WebSocket-Protocol": value } };
      const { url } = await play({ $connect: { code: returning(JSON.stringify(result)) } });
      expect((await connect(url)).socket.protocol).to.equal("");
    });
  }

  for (const statusCode of [0, 101, 600, 1000]) {
    it(`refuses a handshake with 502 if $connect returns the status code ${statusCode}`, async () => {
      const { url } = await play({ $connect: { code: returning(`{ statusCode: ${statusCode} }`) } });
      expect(await refusal(url, {})).to.equal(502);
    });
  }

  it("sends no frame for a result of null, even with a route response", async () => {
    const { url } = await play({
      nothing: { code: returning("undefined"), routeResponse: true },
      answer: { code: returning("{ statusCode: 200, body: 'heard' }"), routeResponse: true },
    });
    const client = await connect(url);
    client.send({ message: "nothing" });
    client.send({ message: "answer" });
    expect(await client.next()).to.equal("heard");
    expect(await client.close()).to.have.property("code", 1005);
  });
});
