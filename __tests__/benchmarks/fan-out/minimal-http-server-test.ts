import { once } from "node:events";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { createMinimalServer, type MinimalRequest } from "../../../benchmarks/fan-out/minimal-http-server.ts";

const request = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe("benchmarks/fan-out/minimal-http-server", () => {
  let server: Server;
  let socket: Socket;
  let received: MinimalRequest[];

  beforeEach(async () => {
    received = [];
    server = createMinimalServer((one) => {
      received.push(one);
      return 202;
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  it("reads the path and the body of a request, and responds with the status", async () => {
    socket.write(request("/dev/@connections/A%3D", "hello"));
    const [response] = await once(socket, "data");
    expect(String(response)).to.match(/^HTTP\/1\.1 202 .*\r\n\r\n$/s);
    expect(received).to.deep.equal([{ path: "/dev/@connections/A%3D", body: "hello" }]);
  });

  it("waits for the rest of a request, then reads the next one", async () => {
    const text = request("/one", "first") + request("/two", "");
    socket.write(text.slice(0, text.indexOf("rst")));
    socket.setNoDelay();
    await once(socket, "connect");
    socket.write(text.slice(text.indexOf("rst")));
    while (received.length < 2) await once(socket, "data");
    expect(received.map(({ path, body }) => path + body)).to.deep.equal(["/onefirst", "/two"]);
  });
});
