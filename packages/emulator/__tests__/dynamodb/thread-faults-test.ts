import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { keepServing } from "../../src/dynamodb/thread-faults.ts";

describe("dynamodb/thread-faults", () => {
  it("fails the open requests after an exception, reports it, and serves later requests", async () => {
    const source = new EventEmitter();
    const reports: string[] = [];
    const server = createServer((request, response) => {
      if (request.url === "/fails") source.emit("uncaughtException", new TypeError("no such item"));
      else response.end("ok");
    });
    keepServing({ source, server, report: (sentence) => reports.push(sentence) });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const failed = await fetch(`${url}/fails`).catch((fault: Error) => fault);
    expect(failed).to.be.instanceOf(TypeError);
    expect(await (await fetch(url)).text()).to.equal("ok");
    expect(reports).to.have.length(1);
    expect(reports[0]).to.match(/^The embedded DynamoDB failed to process a request.* no such item$/);
    server.close();
    server.closeAllConnections();
  });
});
