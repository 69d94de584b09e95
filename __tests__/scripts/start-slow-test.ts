import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { environments, PROJECT } from "../../infra/environments.ts";
import { stackName } from "../../infra/names.ts";
import { ENABLED } from "../support/environments.ts";
import { projectCopy } from "../support/project-copy.ts";
import { type Wscat, wscat } from "../support/pty.ts";
import { STACK } from "../support/synthesized.ts";
import { firstAddress, greetingOf, run, startUp, stopped } from "../support/terminal.ts";

/** `npm start` in a folder, without npm. */
const startIn = (cwd: string) => ({ cwd, script: "scripts/start.ts" });

describe("scripts/start", () => {
  let folder: string;
  before(() => {
    folder = projectCopy();
    // Adds a stack whose name sorts before those of the environments.
    const settings = join(folder, "infra", "environments.ts");
    const bucket = '{ name: "chat-state-123456789012", region: "eu-west-2" }';
    writeFileSync(settings, readFileSync(settings, "utf8").replace("= undefined;", `= ${bucket};`));
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`plays the chat until ${signal}, and exits with 0`, async () => {
      const { child, url, printed } = await startUp(startIn(folder));
      const client = await connect(url);
      client.send({ message: "sendmessage", data: "hello" });
      expect(await client.next()).to.equal("hello");
      const { host } = new URL(url);
      const [, first = "", second = ""] = printed.split("\n").filter((line) => line !== "");
      expect(first).to.equal(`  Open           http://${host}/`);
      expect(second).to.equal(`  Try            npx wscat -c ${url}`);
      expect(await (await fetch(`http://${host}/`)).text()).to.include("<title>Chat</title>");
      expect(printed)
        .to.include(`npx wscat -c ${url}`)
        .and.include(`${url.replace("ws:", "http:")}/@connections/`)
        .and.match(/Not played +.*aws_cloudwatch_metric_alarm/);
      expect(await stopped(child, signal)).to.equal(0);
    });
  }

  it("exits with 0 when npm is terminated, and leaves no process running", async () => {
    const npm = spawn("npm", ["start", "--", "--port", "0"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const url = firstAddress(await greetingOf(npm));
    const exit = once(npm, "exit");
    npm.kill("SIGTERM");
    expect(await exit).to.deep.equal([0, null]);
    expect(await rejection(connect(url))).to.include("ECONNREFUSED");
  });

  it("exits with 0 if Ctrl-C arrives twice, as it does with npm", async () => {
    const { child } = await startUp(startIn(folder));
    const exit = once(child, "exit");
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect(await exit).to.deep.equal([0, null]);
  });

  it("stores the table in a folder with --data, and prints it", async () => {
    const data = temporaryDirectory();
    const { child, printed } = await startUp(startIn(folder), "--data", data, "--stack", STACK);
    expect(printed).to.include(`dynalite, in ${data}`);
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("runs the schedule of a service at once with --rotate-now, and lists the schedules if it is unknown", async () => {
    const project = projectCopy({ environment: ENABLED });
    const { child, output } = await startUp(startIn(project), "--rotate-now", "github");
    for await (const [data] of on(child.stdout, "data")) if (String(data).includes("unusable-secret")) break;
    expect(await stopped(child, "SIGINT")).to.equal(0);
    expect(await output).to.include(`${STACK}-github`);
    const { code, stderr } = await run(startIn(project), "--port", "0", "--rotate-now", "travis");
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: `The stack has no schedule ${STACK}-travis. Its schedules are: ${STACK}-circleci, ${STACK}-github, ${STACK}-jenkins.`,
    });
  });

  it("prints the addresses of two users with --auth jwt, who can send to each other", async () => {
    const { child, url, printed } = await startUp(startIn(folder), "--auth", "jwt");
    const addresses = [...printed.matchAll(/npx wscat -c "(\S+)" {2}# (anna|ben)/g)].map(([, address = ""]) => address);
    const [anna, ben] = (await Promise.all(addresses.map((address) => wscat(address)))) as [Wscat, Wscat];
    anna.type('{"message":"direct","to":"ben","data":"psst"}');
    await ben.shows("< psst");
    expect(await rejection(connect(url))).to.equal("Unexpected server response: 401");
    for (const session of [anna, ben]) session.kill();
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("signs in to the page as one of two users with --auth jwt", async () => {
    const { child, url } = await startUp(startIn(folder), "--auth", "jwt");
    const { host } = new URL(url);
    const { signIn } = JSON.parse(await (await fetch(`http://${host}/config.json`)).text());
    expect(signIn).to.deep.equal({ kind: "development", users: ["anna", "ben"], tokenUrl: "/token" });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`http://${host}/token`, { method: "POST", headers, body: '{"user":"ben"}' });
    const { token } = JSON.parse(await answer.text());
    const client = await connect(url, { subprotocols: ["chat.v1", `bearer.${token}`] });
    client.send({ message: "leave", channel: "lobby" });
    expect(JSON.parse(await client.next())).to.include({ type: "ack", user: "ben" });
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("applies changed code and changed settings while a connection stays open", async () => {
    const project = projectCopy();
    const { child, url } = await startUp(startIn(project));
    const shown = async (pattern: RegExp): Promise<void> => {
      for await (const [data] of on(child.stdout, "data")) if (pattern.test(String(data))) break;
    };
    const edit = (file: string, from: string, to: string): void => {
      const path = join(project, file);
      writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
    };
    const client = await connect(url);
    client.send("hello");
    expect(await client.next()).to.equal("hello");
    const broken = shown(/handlers\/default\.ts:\d+:\d+: .*\nThe previous version keeps running\./);
    edit("handlers/default.ts", "({ body })", "({ body: })");
    await broken;
    const reloaded = shown(/default reloaded in \d+ ms/);
    edit("handlers/default.ts", "({ body: })", "({ body: `new ${body}` })");
    await reloaded;
    client.send("hello");
    expect(await client.next()).to.equal("new hello");
    const applied = shown(/Terraform applied in \d+ ms: .*changed the stage/);
    edit("infra/environments.ts", "requestsPerSecond: 100, burst: 50", "requestsPerSecond: 1, burst: 1");
    await applied;
    const refused = shown(/The name of the stage changed from dev to other\. Restart the emulator to apply this\./);
    edit("infra/environments.ts", 'stageName: "dev"', 'stageName: "other"');
    await refused;
    for (const frame of ["one", "two", "three"]) client.send(frame);
    expect([await client.next(), await client.next(), await client.next()].join()).to.include("Too Many Requests");
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("runs the archives that are deployed with --no-watch", async () => {
    const project = projectCopy();
    const { child, url, printed } = await startUp(startIn(project), "--no-watch");
    expect(printed).not.to.include("Watch ");
    expect(existsSync(join(project, "cdktf.out", "bundles", "default.zip"))).to.equal(true);
    const client = await connect(url);
    client.send("hello");
    expect(await client.next()).to.equal("hello");
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("serves no page with --no-web", async () => {
    const { child, url, printed } = await startUp(startIn(folder), "--no-web");
    expect(printed).not.to.include("Open ");
    expect((await fetch(`http://${new URL(url).host}/`)).status).to.equal(403);
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("explains its flags with --help", async () => {
    const { code, stdout } = await run(startIn(folder), "--help");
    expect(code).to.equal(0);
    for (const flag of ["--port N", "--stack NAME", "--auth KIND", "--data DIR", "--dynamodb URL"])
      expect(stdout).to.include(flag);
  });

  describe("fails with one sentence", () => {
    const fails = async (where: string, ...flags: string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(startIn(where), ...flags);
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
        `Port ${port} is in use. Stop the process that listens on it, or choose another port with --port.`,
      );
      server.close();
    });

    it("when a flag is wrong", async () => {
      expect(await fails(folder, "--port", "http")).to.equal(
        'The value of --port is "http". It must be an integer from 0 to 65535.',
      );
      expect(await fails(folder, "--dynamodb", "here")).to.match(
        /^The value of --dynamodb is "here"\. It must be a URL/,
      );
      expect(await fails(folder, "--prot", "1")).to.include("--prot");
    });

    it("when the kind of authentication is unknown", async () => {
      expect(await fails(folder, "--auth", "sms")).to.equal('--auth is "sms"; it must be jwt or none.');
    });

    it("when the stack has a user pool, with advice", async () => {
      const pooled = projectCopy({ environment: { authentication: { kind: "cognito" } } });
      expect(await fails(pooled)).to.match(
        /^This environment has its users in a Cognito user pool.* Start with --auth jwt/,
      );
    });

    it("when the stack is unknown", async () => {
      expect(await fails(folder, "--stack", "nowhere")).to.equal(
        `There is no stack "nowhere". Choose one of ${[`${PROJECT}-bootstrap`, ...environments.map(stackName)].join(", ")}.`,
      );
    });

    it("when a handler does not compile", async () => {
      const broken = projectCopy();
      writeFileSync(join(broken, "handlers", "default.ts"), "export const handler = ;\n");
      expect(await fails(broken)).to.equal('A handler does not compile. handlers/default.ts:1:23: Unexpected ";"');
    });

    it("when the synth is broken", async () => {
      const broken = projectCopy();
      writeFileSync(join(broken, "infra", "names.ts"), "export const = 1;\n");
      expect(await fails(broken)).to.match(/^The stack could not be synthesized\. .*names\.ts:1:13/);
    });
  });
});
