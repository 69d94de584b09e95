import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";
import { expect } from "chai";
import sinon from "sinon";
import { type HttpRequest, httpClient } from "../../../aws/http/http-client.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));

/** A self-signed certificate for the name `localhost`, and its key. */
const [cert, key] = [fixture("certificate.pem"), fixture("key.pem")];

const LIMITS = { connections: 2, responseMilliseconds: 3_000 };
const post: HttpRequest = { method: "POST", path: "/", headers: {}, body: "hello" };

describe("aws/http/connection-pool, with TLS", () => {
  let server: Server;
  let port: number;
  let requests = 0;
  /** Whether each connection has resumed a session. */
  const resumed: boolean[] = [];
  before(async () => {
    server = createServer({ cert, key }, (_, response) => {
      requests += 1;
      response.end("ok");
    });
    server.on("secureConnection", (socket) => resumed.push(socket.isSessionReused()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  after(() => server.close());
  beforeEach(() => {
    requests = 0;
    resumed.length = 0;
  });
  afterEach(() => {
    sinon.restore();
    server.closeAllConnections();
  });

  const codeFor = (host: string): Promise<unknown> =>
    httpClient(`https://${host}:${port}`, LIMITS)
      .send(post)
      .then(
        ({ status }) => status,
        ({ code }) => code,
      );

  /** As if the certificate were that of an authority that Node.js trusts. */
  const trustCertificate = (): void => {
    const { connect } = tls;
    sinon.stub(tls, "connect").callsFake(((options: object) => connect({ ...options, ca: cert })) as typeof connect);
  };

  it("sends nothing to a server with an untrusted certificate", async () => {
    expect(await codeFor("localhost")).to.equal("DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(requests).to.equal(0);
  });

  it("sends nothing to a server with a certificate for another name", async () => {
    trustCertificate();
    expect(await codeFor("127.0.0.1")).to.equal("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(requests).to.equal(0);
  });

  it("sends a request, and resumes the TLS session on the next connection", async () => {
    trustCertificate();
    const { send } = httpClient(`https://localhost:${port}`, LIMITS);
    expect((await send(post)).body.toString()).to.equal("ok");
    server.closeAllConnections();
    // The client notices the end of its connection.
    await sleep(20);
    expect((await send(post)).status).to.equal(200);
    expect(resumed).to.deep.equal([false, true]);
  });
});
