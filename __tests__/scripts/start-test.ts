import { type ChildProcessByStdio, spawn } from "node:child_process";
import { on, once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { connect } from "../support/client.ts";
import { projectCopy } from "../support/project-copy.ts";
import { rejection } from "../support/rejection.ts";
import { STACK } from "../support/synthesized.ts";
import { temporaryDirectory } from "../support/temporary.ts";

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** `npm start -- <flags>` in this folder, without npm. */
const spawnStart = (folder: string, flags: readonly string[]): Child =>
  spawn(process.execPath, ["--import", "tsx", "scripts/start.ts", ...flags], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Runs it to its end. */
async function run(folder: string, ...flags: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawnStart(folder, flags);
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr: stderr.trim() };
}

/** Starts it, and waits until it is up. */
async function startUp(folder: string, ...flags: string[]): Promise<{ child: Child; url: string; printed: string }> {
  const child = spawnStart(folder, ["--port", "0", ...flags]);
  const printed = await greetingOf(child);
  return { child, printed, url: firstAddress(printed) };
}

/** All that it prints until it says how to stop it. */
async function greetingOf(child: Child): Promise<string> {
  child.stderr.pipe(process.stderr);
  let printed = "";
  for await (const [data] of on(child.stdout, "data", { close: ["end"] })) {
    printed += data;
    if (printed.includes("Ctrl-C")) return printed;
  }
  throw new Error(`It ended without a greeting. It printed:\n${printed}`);
}

const firstAddress = (printed: string): string => /ws:\/\/\S+/.exec(printed)?.[0] ?? "";

const stopped = async (child: Child, signal: NodeJS.Signals): Promise<number> => {
  const exit = once(child, "exit");
  child.kill(signal);
  return (await exit)[0];
};

describe("scripts/start", () => {
  let folder: string;
  before(() => {
    folder = projectCopy();
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`plays the chat until ${signal}, and ends with 0`, async () => {
      const { child, url, printed } = await startUp(folder);
      const client = await connect(url);
      client.send({ message: "sendmessage", data: "hello" });
      expect(await client.next()).to.equal("hello");
      expect(printed)
        .to.include(`npx wscat -c ${url}`)
        .and.include(`${url.replace("ws:", "http:")}/@connections/`);
      expect(await stopped(child, signal)).to.equal(0);
    });
  }

  it("ends with 0 when npm is told to stop, and leaves nothing running", async () => {
    const npm = spawn("npm", ["start", "--", "--port", "0"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const url = firstAddress(await greetingOf(npm));
    const exit = once(npm, "exit");
    npm.kill("SIGTERM");
    expect(await exit).to.deep.equal([0, null]);
    expect(await rejection(connect(url))).to.include("ECONNREFUSED");
  });

  it("ends with 0 at a Ctrl-C that comes twice, as it does by way of npm", async () => {
    const { child } = await startUp(folder);
    const exit = once(child, "exit");
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect(await exit).to.deep.equal([0, null]);
  });

  it("keeps the table in a folder with --data, and says so", async () => {
    const data = temporaryDirectory();
    const { child, printed } = await startUp(folder, "--data", data, "--stack", STACK);
    expect(printed).to.include(`dynalite, in ${data}`);
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("explains its flags with --help", async () => {
    const { code, stdout } = await run(folder, "--help");
    expect(code).to.equal(0);
    for (const flag of ["--port N", "--stack NAME", "--data DIR", "--dynamodb URL"]) expect(stdout).to.include(flag);
  });

  describe("fails with one sentence", () => {
    const fails = async (where: string, ...flags: string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(where, ...flags);
      expect(code, "exit code").to.equal(1);
      expect(stdout).to.equal("");
      expect(stderr.split("\n"), stderr).to.have.length(1);
      expect(stderr).not.to.match(/\bat .*:\d+:\d+/);
      return stderr;
    };

    it("when the port is in use", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      expect(await fails(folder, "--port", String(port))).to.equal(
        `Port ${port} is in use. Stop what listens there, or choose another with --port.`,
      );
      server.close();
    });

    it("when a flag is wrong", async () => {
      expect(await fails(folder, "--port", "http")).to.equal('--port is "http"; it must be a number from 0 to 65535.');
      expect(await fails(folder, "--dynamodb", "here")).to.match(/^--dynamodb is "here"; it must be a URL/);
      expect(await fails(folder, "--prot", "1")).to.include("--prot");
    });

    it("when there is no such stack", async () => {
      expect(await fails(folder, "--stack", "nowhere")).to.equal(
        `There is no stack "nowhere". Choose one of ${STACK}.`,
      );
    });

    it("when a handler does not compile", async () => {
      const broken = projectCopy();
      writeFileSync(join(broken, "handlers", "default.ts"), "export const handler = ;\n");
      expect(await fails(broken)).to.equal(
        'The stack could not be synthesized. A handler does not compile. handlers/default.ts:1:23: Unexpected ";"',
      );
    });

    it("when the synth is broken", async () => {
      const broken = projectCopy();
      writeFileSync(join(broken, "infra", "names.ts"), "export const = 1;\n");
      expect(await fails(broken)).to.match(/^The stack could not be synthesized\. .*names\.ts:1:13/);
    });
  });
});
