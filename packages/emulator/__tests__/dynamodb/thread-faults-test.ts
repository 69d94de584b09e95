import { EventEmitter, once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { RequestBoundary } from "../../src/dynamodb/thread-faults.ts";

describe("dynamodb/thread-faults", () => {
  let server: Server;
  let reports: string[];
  let source: EventEmitter;
  let waiting: ServerResponse;
  let onWaiting: () => void;

  const throwException = () => source.emit("uncaughtException", new TypeError("no such item"));
  const answers: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    "/rejects": () => Promise.reject(new TypeError("no such item")),
    "/throws": async () => void setImmediate(throwException),
    "/throws-late": async (response) => {
      response.end("sent");
      await once(response, "close");
      setImmediate(throwException);
    },
    "/waits": async (response) => {
      waiting = response;
      onWaiting();
    },
    "/works": async (response) => void response.end("ok"),
  };
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  const begin = (path: string) =>
    new Promise<{ readonly answer: Promise<string> }>((resolve) => {
      const answer = ask(path);
      onWaiting = () => resolve({ answer });
    });
  const FAILED =
    /^500 .*"__type":"com\.amazonaws\.dynamodb\.v20120810#InternalServerError","message":"The embedded DynamoDB failed to process a request: no such item\."/;

  beforeEach(async () => {
    reports = [];
    source = new EventEmitter();
    const boundary = new RequestBoundary((sentence) => reports.push(sentence));
    boundary.catchExceptions(source);
    server = createServer(({ url = "" }, response) => boundary.run(response, () => answers[url]?.(response) as never));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const path of ["/rejects", "/throws"]) {
    it(`fails only the request that ${path.slice(1)}, and reports it`, async () => {
      const { answer: other } = await begin("/waits");
      expect(await ask(path)).to.match(FAILED);
      waiting.end("in time");
      expect(await other).to.equal("200 in time");
      expect(await ask("/works")).to.equal("200 ok");
      expect(reports).to.have.length(1);
      expect(reports[0]).to.match(/^The embedded DynamoDB failed to process a request: no such item\./);
    });
  }

  it("fails all pending requests if it is unknown which one caused the exception", async () => {
    const { answer: other } = await begin("/waits");
    expect(await ask("/throws-late")).to.equal("200 sent");
    expect(await other).to.match(FAILED);
  });
});
