import { type Emulator, start } from "@serverless-chat/emulator";
import { connect } from "@serverless-chat/emulator/testing/client";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { writeStack } from "../../../benchmarks/emulator/stack.ts";

describe("benchmarks/emulator/stack", () => {
  let emulator: Emulator;

  before(async () => {
    const stackDirectory = temporaryDirectory();
    await writeStack(stackDirectory);
    emulator = await start({ stackDirectory });
  });
  after(() => emulator.stop());

  it("echoes a frame without a route", async () => {
    const client = await connect(emulator.url);
    client.send("hello");
    expect(await client.next()).to.equal("hello");
  });

  it("broadcasts to the listed connections with the permissions of its role", async () => {
    const clients = [await connect(emulator.url), await connect(emulator.url)];
    for (const client of clients) client.send({ message: "identify" });
    const connectionIds = await Promise.all(clients.map((client) => client.next()));
    clients[0]?.send({ message: "broadcast", connectionIds, data: "to all" });
    expect(await Promise.all(clients.map((client) => client.next()))).to.deep.equal(["to all", "to all"]);
  });
});
