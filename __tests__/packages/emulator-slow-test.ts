import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import { expect } from "chai";
import { type Consumer, installedTarball } from "../support/tarball.ts";
import { firstAddress, greetingOf } from "../support/terminal.ts";

const ECHO = { code: returning("{ statusCode: 200, body: event.body }"), routeResponse: true };

describe("packages/emulator, installed from its tarball", () => {
  let consumer: Consumer;
  before(() => {
    consumer = installedTarball("emulator");
  });

  it("plays a stack whose route echoes frames, and serves the inspector page", async () => {
    const stack = fixtureStack({ routes: { $default: ECHO } });
    const command = ["--no-install", "serverless-chat-emulator", stack, "--port", "0"];
    // A process group of its own: npx does not pass signals on, but a terminal sends Ctrl-C to the whole group.
    const options = { cwd: consumer.folder, detached: true } as const;
    const child = spawn("npx", command, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const closed = once(child, "close");
    const greeting = await greetingOf(child);
    const [page] = /http:\S+\/_inspect/.exec(greeting) ?? [];
    expect((await fetch(`${page}/main.js`)).headers.get("content-type")).to.equal("text/javascript; charset=utf-8");
    const client = await connect(firstAddress(greeting));
    client.send("hello");
    expect(await client.next()).to.equal("hello");
    await client.close();
    process.kill(-(child.pid as number), "SIGINT");
    await closed;
  });

  it("has types for everything that it exports", () => {
    consumer.compile(`
      import { type Emulator, type EmulatorOptions, start } from "@serverless-chat/emulator";
      import { readBody } from "@serverless-chat/emulator/http-server";
      import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
      import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
      import { localCredentials } from "@serverless-chat/emulator/iam/principal";
      import { matchesGlob } from "@serverless-chat/emulator/iam/patterns";
      import { policyViolations } from "@serverless-chat/emulator/iam/policy-rules";
      import type { LogEntry } from "@serverless-chat/emulator/lambda/log";
      import { listen } from "@serverless-chat/emulator/http-server";
      import { SecretsManagerError } from "@serverless-chat/emulator/secrets-manager/secret";
      import { operations } from "@serverless-chat/emulator/secrets-manager/operations";
      import { Secret } from "@serverless-chat/emulator/secrets-manager/secret";
      import { readCommandLine } from "@serverless-chat/emulator/terminal/flags";
      import { play } from "@serverless-chat/emulator/terminal/play";
      import { resolvedStack } from "@serverless-chat/emulator/terraform/resolved-stack";
      import { unresolvedFindings } from "@serverless-chat/emulator/terraform/rules";
      import { readStack } from "@serverless-chat/emulator/terraform/stack";
      import type { TableConfig } from "@serverless-chat/emulator/terraform/tables";
      import { fixtureStack } from "@serverless-chat/emulator/testing/fixture-stack";
      import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
      import { type ReplayResult, replay } from "@serverless-chat/emulator/testing/replay";

      const log: LogEntry[] = [];
      const clock = new ManualClock();
      const options: EmulatorOptions = { stackDirectory: fixtureStack(), clock, log: (entry) => log.push(entry) };
      export const emulator: Promise<Emulator> = start(options);
      export const create = ({ client }: Store, tables: readonly TableConfig[]): Promise<void> => createTables(client, tables);
      export const replayed = async (): Promise<ReplayResult> => replay(await emulator, "", { ids: /user-\\d+/ });
      export const rest = [readBody, startStore, localCredentials, matchesGlob, policyViolations, listen, readCommandLine];
      export const more = [play, SecretsManagerError, operations, Secret, resolvedStack, unresolvedFindings, readStack];
    `);
  });
});
