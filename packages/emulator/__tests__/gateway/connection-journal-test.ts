import { appendFileSync, cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Connection } from "../../src/gateway/connection.ts";
import { journalIn } from "../../src/gateway/connection-journal.ts";
import { type Emulator, start } from "../../src/start.ts";
import { fixtureStack } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const aConnection = (id: string): Connection => ({
  ...{ id, connectedAt: 1, sourceIp: "127.0.0.1", userAgent: undefined, domainName: "localhost" },
});

describe("gateway/connection-journal", () => {
  const emulators: Emulator[] = [];
  afterEach(async () => {
    for (const emulator of emulators.splice(0)) await emulator.stop();
  });

  it("remembers the connections that are not closed", () => {
    const directory = temporaryDirectory();
    const journal = journalIn(directory);
    expect(journal.stale).to.deep.equal([]);
    for (const id of ["a", "b", "c"]) journal.opened(aConnection(id));
    journal.closed("b");
    expect(journalIn(directory).stale.map(({ id }) => id)).to.deep.equal(["a", "c"]);
    expect(journalIn(directory).stale).to.have.length(2);
  });

  it("ignores an entry that was not written completely, and names one that is invalid", () => {
    const directory = temporaryDirectory();
    journalIn(directory).opened(aConnection("a"));
    const path = join(directory, "connections.jsonl");
    appendFileSync(path, '{"opened":{"id":"b"');
    expect(journalIn(directory).stale.map(({ id }) => id)).to.deep.equal(["a"]);
    appendFileSync(path, "{\n");
    expect(() => journalIn(directory)).to.throw(`Line 2 of ${path} is not JSON. `);
  });

  it("runs $disconnect with 1006 at the start for connections that were open when the process was killed", async () => {
    const logging = "export const handler = async (event) => { console.info(event); return { statusCode: 200 }; };";
    const routes = { $connect: { code: logging }, $disconnect: { code: logging } };
    const stackDirectory = fixtureStack({ routes });
    const run = async (dataDirectory: string) => {
      const events: { requestContext: Record<string, unknown> }[] = [];
      const emulator = await start({
        stackDirectory,
        dataDirectory,
        log: ({ message }) => events.push(message as (typeof events)[0]),
      });
      emulators.push(emulator);
      return { emulator, contexts: () => events.map(({ requestContext }) => requestContext) };
    };
    const data = temporaryDirectory();
    const killed = await run(data);
    const clients = [await connect(killed.emulator.url), await connect(killed.emulator.url)];
    await clients[0]?.close();
    const journal = () => readFileSync(join(data, "connections.jsonl"), "utf8");
    while (!journal().includes('"closed"')) await new Promise((resolve) => setTimeout(resolve, 10));
    // The state of the file when the process is killed.
    const again = temporaryDirectory();
    cpSync(join(data, "connections.jsonl"), join(again, "connections.jsonl"));
    const open = killed.contexts()[1]?.connectionId;

    const next = await run(again);
    expect(next.contexts()).to.have.length(1);
    expect(next.contexts()[0]).to.include({ connectionId: open, disconnectStatusCode: 1006, eventType: "DISCONNECT" });
    expect(readFileSync(join(again, "connections.jsonl"), "utf8")).to.include(`{"closed":"${open}"}`);
  });
});
