import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createIntegration } from "../../../src/gateway/integrations/integration.ts";
import type { MappedEvent } from "../../../src/gateway/integrations/template.ts";
import type { HttpTarget, MappingConfig } from "../../../src/terraform/integrations.ts";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const bare: MappingConfig = {
  parameters: {},
  request: { templates: {}, selectionExpression: undefined },
  passthrough: "WHEN_NO_MATCH",
  responses: [{ key: "$default", templates: {}, selectionExpression: undefined }],
};

const event: MappedEvent = {
  requestContext: { requestId: "r", connectionId: "c=", authorizer: { sub: "anna" } },
  body: '{"user":{"name":"anna"},"tags":["a","b"]}',
  headers: { Cookie: "crumb" },
  queryStringParameters: { token: "t 1" },
  multiValueHeaders: { Cookie: ["crumb"], Via: ["x", "y"] },
  multiValueQueryStringParameters: { token: ["t 0", "t 1"] },
  stageVariables: { color: "blue" },
};

describe("gateway/integrations/integration, over HTTP", () => {
  let backend: Server;
  let received: Received;
  let status: number;
  let isSilent: boolean;
  let timeoutMilliseconds: number;

  beforeEach(async () => {
    status = 200;
    isSilent = false;
    timeoutMilliseconds = 5_000;
    backend = createServer(async (request, response) => {
      const { method, url, headers } = request;
      received = { method, url, headers, body: await text(request) };
      if (isSilent) return;
      response.writeHead(status, { kind: "plain", location: "/elsewhere" }).end(`answer to ${url}`);
    }).listen(0, "127.0.0.1");
    await once(backend, "listening");
  });

  afterEach(() => {
    backend.close();
    backend.closeAllConnections();
  });

  const target = (path: string, method = "POST"): HttpTarget => ({
    method,
    uri: `http://127.0.0.1:${(backend.address() as AddressInfo).port}${path}`,
  });

  const ask = (type: "HTTP" | "HTTP_PROXY", to: HttpTarget, mapping: Partial<MappingConfig> = {}) =>
    createIntegration({ type, timeoutMilliseconds, ...to, mapping: { ...bare, ...mapping } }, noFunction)(event);

  it("HTTP_PROXY forwards the message and the response unchanged", async () => {
    expect(await ask("HTTP_PROXY", target("/a"))).to.deep.include({
      kind: "result",
      result: { statusCode: 200, body: "answer to /a" },
    });
    expect(received).to.include({ method: "POST", body: event.body });
  });

  it("does not send the connection id unless a parameter maps it", async () => {
    await ask("HTTP_PROXY", target("/a"));
    expect(JSON.stringify(received.headers)).not.to.include("c=");
  });

  for (const [source, value] of [
    ["context.connectionId", "c="],
    ["context.authorizer.sub", "anna"],
    ["stageVariables.color", "blue"],
    ["'text'", "text"],
    ["route.request.body.user.name", "anna"],
    ["route.request.body.tags", "a,b"],
    ["route.request.body.user", '{"name":"anna"}'],
    ["route.request.header.Cookie", "crumb"],
    ["route.request.querystring.token", "t 1"],
    ["route.request.multivalueheader.Via", "x,y"],
    ["route.request.multivaluequerystring.token", "t 0,t 1"],
    ["route.request.body.missing", undefined],
  ] as const) {
    it(`maps ${source} to a header`, async () => {
      await ask("HTTP_PROXY", target("/"), { parameters: { "integration.request.header.mapped": source } });
      expect(received.headers.mapped).to.equal(value);
    });
  }

  it("maps parameters to the query string and to the path", async () => {
    const parameters = {
      "integration.request.querystring.of": "route.request.querystring.token",
      "integration.request.path.id": "context.connectionId",
    };
    await ask("HTTP_PROXY", target("/to/{id}?a=1", "GET"), { parameters });
    expect(received).to.include({ method: "GET", url: "/to/c%3D?a=1&of=t+1", body: "" });
  });

  it("returns the backend's status and latency for the access log", async () => {
    status = 503;
    const { integration } = await ask("HTTP_PROXY", target("/a"));
    expect(integration).to.include({ status: 503, serviceStatus: 503 });
    expect(integration?.latency).to.be.a("number");
  });

  it("does not follow redirects", async () => {
    status = 302;
    expect(await ask("HTTP_PROXY", target("/a"))).to.have.nested.property("result.statusCode", 302);
    expect(received.url).to.equal("/a");
  });

  it("HTTP selects the integration response by the status, and its template by a header", async () => {
    status = 404;
    const responses = [
      {
        key: "/4../",
        templates: { plain: "lost: $input.body" },
        selectionExpression: "${integration.response.header.kind}",
      },
      { key: "$default", templates: {}, selectionExpression: undefined },
    ];
    expect(await ask("HTTP", target("/a"), { responses })).to.have.nested.property("result.body", "lost: answer to /a");
  });

  it("uses the template for application/json without a selection expression (rule IN-06 in docs/api-gateway-rules.md)", async () => {
    const templates = { "application/json": "typed", odd: "odd" };
    await ask("HTTP", target("/"), { request: { templates, selectionExpression: undefined } });
    expect(received.body).to.equal("typed");
  });

  it("fails if the backend is unreachable", async () => {
    const gone = target("/");
    backend.close();
    await once(backend, "close");
    expect(await ask("HTTP_PROXY", gone)).to.have.property("kind", "failed");
  });

  it("fails with a timeout if the backend is too slow", async () => {
    isSilent = true;
    timeoutMilliseconds = 50;
    expect(await ask("HTTP_PROXY", target("/"))).to.have.property("kind", "timeout");
  });

  for (const [parameters, error] of [
    [{ "integration.request.body.x": "'a'" }, "The request parameter integration.request.body.x is not supported. Use"],
    [
      { "integration.request.header.x": "method.request.a" },
      "The source method.request.a of a request parameter is not supported. Use",
    ],
  ] as const) {
    it(`rejects the parameters ${JSON.stringify(parameters)} at the start`, async () => {
      expect(() => integrationWith({ parameters })).to.throw(error);
    });
  }

  it("rejects a template with a syntax error at the start", () => {
    const request = { templates: { $default: "#if(" }, selectionExpression: undefined };
    expect(() => integrationWith({ request })).to.throw(
      'The mapping template "#if(" is not valid Velocity. Correct its syntax: ',
    );
  });

  const integrationWith = (mapping: Partial<MappingConfig>) =>
    createIntegration(
      {
        type: "HTTP",
        timeoutMilliseconds: 50,
        method: "POST",
        uri: "http://127.0.0.1/",
        mapping: { ...bare, ...mapping },
      },
      noFunction,
    );
});

const noFunction = (name: string): never => {
  throw new Error(`There is no function ${name}.`);
};
