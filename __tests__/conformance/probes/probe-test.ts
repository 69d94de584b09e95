import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, start } from "@serverless-chat/emulator";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { App } from "cdktf";
import { expect } from "chai";
import { bundle } from "../../../infra/bundle.ts";
import { ProbeStack } from "../fixture/probe-stack.ts";
import { stacks } from "../fixture/stacks.ts";

/** The main stack of the fixture, on a gateway with one deviation: which events have a body. */
async function startDeviating(): Promise<Emulator> {
  const app = new App({ outdir: temporaryDirectory() });
  const folder = join(app.outdir, "bundles");
  const bundles = new Map([
    ...bundle({ folder: "__tests__/conformance/probes", entries: ["authorizer"] }, folder),
    ...bundle({ folder: "__tests__/fixtures/wrong-event-body", entries: ["probe"] }, folder),
  ]);
  const stack = new ProbeStack(app, { name: "main", ...stacks.main, bundles });
  app.synth();
  return start({ stackDirectory: join(app.outdir, "stacks", stack.node.id) });
}

/** The output of `npm run conformance` for a target, with only these files. */
async function conformanceOf(url: string, files: readonly string[]): Promise<string> {
  const reporter = ["--reporter", "./__tests__/conformance/reporter.ts"];
  const paths = files.map((file) => `__tests__/conformance/${file}-test.ts`);
  const env = { ...process.env, TARGET: url, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const running = promisify(execFile)(process.execPath, ["node_modules/mocha/bin/mocha.js", ...reporter, ...paths], {
    env,
  });
  return (await running.catch((fault) => fault)).stdout;
}

describe("the conformance probe", () => {
  it("reports a deviation in the body of events, and passes all other rules", async () => {
    const engine = await startDeviating();
    const printed = await conformanceOf(engine.url, ["event", "event-fields", "handshake", "response", "routing"]);
    await engine.stop();
    const failed = printed.split("\n").filter((line) => line.includes(" FAIL") || line.startsWith("  "));
    expect(failed.map((line) => line.trim().replace(/: AssertionError.*/, ""))).to.deep.equal([
      "EV-09            hard FAIL",
      'EV-09 passes "" on unchanged',
      "event fields     hard FAIL",
      "event fields: CONNECT events have exactly these fields",
    ]);
    expect(printed).to.match(/\n[2-9]\d hard rules pass, 2 fail; \d+ soft rules pass, 0 fail\n$/);
  });
});
