import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { startChat } from "../support/running-chat.ts";
import { run } from "../support/terminal.ts";

const TESTS = "__tests__";
const ON_TARGET = "e2e/target/";

const files = readdirSync(TESTS, { encoding: "utf8", recursive: true }).filter((file) => file.endsWith("-test.ts"));

const source = (file: string): string => readFileSync(join(TESTS, file), "utf8");

/** Without coverage, which Node passes on to child processes: the script loads the sources in another module format. */
const testE2e = (TARGET: string, ...flags: string[]) => {
  const env = { ...process.env, TARGET, NODE_V8_COVERAGE: undefined };
  return run({ cwd: process.cwd(), script: "scripts/test-e2e.ts", env }, ...flags);
};

describe("scripts/test-e2e", () => {
  it("runs the tests that use the target, and counts the tests that it leaves out", async () => {
    const chat = await startChat();
    const { code, stdout: colored } = await testE2e(chat.url, "--grep", "two wscat sessions");
    await chat.stop();
    const stdout = stripVTControlCharacters(colored);
    expect(stdout).to.include("✔ both show the bare text");
    const others = files.filter((file) => file.startsWith("e2e/") && !file.startsWith(ON_TARGET));
    const [ran, leftOut] = stdout.trimEnd().split("\n").slice(-2);
    expect(ran).to.equal(`3 tests ran on ${chat.url}: 3 passed, 0 failed.`);
    expect(leftOut).to.match(new RegExp(`^[1-9]\\d+ tests in ${others.length} files were left out: `));
    expect(code).to.equal(0);
  });

  it("fails if nothing answers at the target", async () => {
    const { code, stdout } = await testE2e("ws://127.0.0.1:9/dev", "--grep", "as bare text");
    expect(code).to.equal(1);
    expect(stdout).to.include("1 tests ran on ws://127.0.0.1:9/dev: 0 passed, 1 failed.");
  });

  it("fails if no test ran", async () => {
    const { code, stdout } = await testE2e("ws://127.0.0.1:9/dev", "--grep", "no such test");
    expect({ code, ran: stdout.includes("0 tests ran on ws://127.0.0.1:9/dev") }).to.deep.equal({ code: 1, ran: true });
  });

  it("refuses a target that is not a WebSocket address", async () => {
    const { code, stderr } = await testE2e("https://example.com/dev");
    expect(code).to.equal(1);
    expect(stderr).to.include('TARGET is "https://example.com/dev"; it must be the address of a WebSocket API');
  });

  it("finds every test file that uses the target in its folder, and no other file there", () => {
    const using = files.filter((file) => /\brunningChat\(/.test(source(file)));
    const there = files.filter((file) => file.startsWith(ON_TARGET));
    expect(using).to.have.members(there).and.to.have.length.above(3);
    const others = there.filter((file) => /emulator\/start|\bstart\w*Chat\w*\(|synthesizedChat/.test(source(file)));
    expect(others, "files there that start a chat of their own").to.deep.equal([]);
  });
});
