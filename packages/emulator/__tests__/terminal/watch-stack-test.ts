import { cpSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Emulator, start } from "../../src/start.ts";
import { watchStack } from "../../src/terminal/watch-stack.ts";
import { type FixtureRoute, fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";
import { aFolder, aZip } from "../support/lambda.ts";

const answering = (text: string): FixtureRoute => ({
  code: returning(`{ statusCode: 200, body: "${text}" }`),
  routeResponse: true,
});

describe("terminal/watch-stack", () => {
  let emulator: Emulator;
  let stopWatching: () => void;
  let onSentence: (sentence: string) => void = () => undefined;

  const watch = async (stackDirectory: string) => {
    emulator = await start({ stackDirectory });
    const print = (sentence: string) => onSentence(sentence.replace(/\d+ ms/, "N ms"));
    stopWatching = watchStack(stackDirectory)(emulator, { info: print, error: print });
    return connect(emulator.url);
  };

  /** The next sentence in the terminal after a change. */
  const shownAfter = (change: () => void): Promise<string> =>
    new Promise((resolve) => {
      onSentence = resolve;
      change();
    });

  afterEach(async () => {
    stopWatching();
    await emulator.stop();
  });

  it("reloads a function whose zip file is replaced, on a connection that stays open", async () => {
    const folder = fixtureStack({ routes: { $default: answering("old") } });
    const client = await watch(folder);
    const replacement = aZip({ "index.mjs": returning('{ statusCode: 200, body: "new" }') });
    const shown = await shownAfter(() => renameSync(replacement, join(folder, "_default.zip")));
    expect(shown).to.equal("_default reloaded in N ms");
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });

  it("reloads a function whose archive is a folder", async () => {
    const filename = aFolder({ "index.mjs": returning('{ statusCode: 200, body: "old" }') });
    const client = await watch(fixtureStack({ routes: { $default: { ...answering(""), lambda: { filename } } } }));
    const code = returning('{ statusCode: 200, body: "new" }');
    const shown = await shownAfter(() => writeFileSync(join(filename, "index.mjs"), code));
    expect(shown).to.equal("_default reloaded in N ms");
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });

  it("applies changed Terraform", async () => {
    const folder = fixtureStack({ routes: { $default: answering("default") } });
    const client = await watch(folder);
    const next = fixtureStack({ routes: { $default: answering("default"), join: answering("joined") } });
    const shown = await shownAfter(() => cpSync(next, folder, { recursive: true }));
    expect(shown).to.match(/^Terraform applied in N ms: added the route join, /);
    client.send({ message: "join" });
    expect(await client.next()).to.equal("joined");
  });

  it("shows why a change is refused, and applies the next one", async () => {
    const folder = fixtureStack({ routes: { $default: answering("old") } });
    const client = await watch(folder);
    const refused = await shownAfter(() => writeFileSync(join(folder, "_default.zip"), "no zip file"));
    expect(refused).to.match(/neither a zip file nor a folder.*\nThe previous version keeps running\.$/);
    const next = fixtureStack({ routes: { $default: answering("new") } });
    const applied = await shownAfter(() => renameSync(join(next, "_default.zip"), join(folder, "_default.zip")));
    expect(applied).to.equal("_default reloaded in N ms");
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });
});
