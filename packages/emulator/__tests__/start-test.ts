import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { start } from "../src/start.ts";
import { fixtureStack } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";
import { rejection } from "./support/rejection.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

describe("start", () => {
  it("stops even if a client does not respond to the close frame", async () => {
    const emulator = await start({ stackDirectory: fixtureStack() });
    const { socket } = await connect(emulator.url);
    socket.pause();
    await emulator.stop();
    socket.terminate();
  });

  it("reports a port that is in use, and releases everything that it opened", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const dataDirectory = temporaryDirectory();
    const options = { stackDirectory: fixtureStack(), dataDirectory };
    expect(await rejection(start({ ...options, port }))).to.equal(
      `Port ${port} is in use. Stop the process that listens on it, or choose another port with --port.`,
    );
    server.close();
    const emulator = await start(options);
    expect(emulator.store).to.equal(`dynalite, in ${dataDirectory}`);
    await emulator.stop();
  });

  it("answers requests outside the stage by the listener that it is given, and those of the API itself", async () => {
    const emulator = await start({
      stackDirectory: fixtureStack(),
      serveElsewhere: ({ url }, response) => response.end(`page ${url}`),
    });
    const { origin, pathname } = new URL(emulator.managementUrl);
    expect(await (await fetch(`${origin}/config.json`)).text()).to.equal("page /config.json");
    expect((await fetch(origin + pathname)).status).to.equal(426);
    expect((await fetch(`${origin + pathname}/@connections/A`)).status).to.equal(403);
    await emulator.stop();
  });
});
