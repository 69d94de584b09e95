import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import type { Environment } from "../../infra/settings/settings.ts";
import { filesOf, readUserFlags, type UserFlags } from "../../scripts/user/flags.ts";
import { afterErasure, refuseConnected, refuseWrongClock, summaryOf } from "../../scripts/user/report.ts";
import { runUser } from "../../scripts/user/run.ts";
import { NOON } from "../support/builders.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, STACK } from "../support/synthesized.ts";

const AUTHENTICATED: Environment = { ...environment, authentication: { kind: "iam" } };

describe("scripts/user", () => {
  let chat: EmulatedChat;
  before(async () => {
    chat = await startChat();
  });
  after(() => chat.stop());

  it("exports and erases the messages under a name, in a running chat", async () => {
    const client = await connect(chat.url, { subprotocols: ["chat.v1"] });
    client.send({ message: "name", data: "anna", id: "n-1" });
    await client.next();
    client.send({ message: "sendmessage", data: "hunter2", id: "m-1" });
    await client.next();
    await client.next();
    const printed: string[] = [];
    const folder = temporaryDirectory();
    const run = (...args: string[]) =>
      runUser([...args, "--name", "anna", "--endpoint", chat.endpointUrl, "--folder", folder], {
        environments: [environment, { ...environment, name: "other" }],
        print: (line) => printed.push(line),
      });
    expect(await rejection(run("erase"))).to.match(
      /^"anna" has a connection\. .* missed\. Wait until .* pass --while-connected/,
    );
    expect(await rejection(run("export", "--environment", "other"))).to.match(
      /^There is no table chat-other-table in this account and region\. Deploy the environment/,
    );
    expect(await run("export")).to.equal(true);
    const lines = readFileSync(join(folder, `${STACK}-anna.jsonl`), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.filter((line) => line.includes("hunter2"))).to.have.length(1);
    expect(JSON.parse(lines.at(-1) ?? "")).to.deep.include({ kind: "end", user: "anna", isAuthenticated: false });
    expect(await run("erase", "--dry-run")).to.equal(true);
    expect(await run("erase", "--while-connected")).to.equal(true);
    expect(printed[0]).to.match(
      /^The table chat-dev-table has about .* items.* read units \(\$0\.00 in us-east-1\)\.$/,
    );
    expect(printed.join("\n"))
      .to.match(/ 1 {2}messages of the user: text and name deleted\n/)
      .and.not.include("hunter2");
    expect(printed).to.include.members([
      "- Point-in-time recovery is off.",
      "- The table has no other backups in DynamoDB.",
    ]);
    expect(readdirSync(folder)).to.deep.equal([`${STACK}-anna.jsonl`]);
    client.send({ message: "history", id: "h-1" });
    expect(JSON.parse(await client.next())).to.deep.include({ type: "error", code: "reconnect" });
    await client.close();
    const reader = await connect(chat.url, { subprotocols: ["chat.v1"] });
    reader.send({ message: "history", after: "0".repeat(26), id: "h-2" });
    const { messages, changes } = JSON.parse(await reader.next());
    expect(messages).to.have.length(1);
    expect(messages[0]).to.include({ from: "erased  user", data: "", deleted: true });
    expect(changes).to.have.length(1);
    await reader.close();
  });

  const read = (args: readonly string[], of: Environment = AUTHENTICATED) => readUserFlags(args, [of]) as UserFlags;

  it("requires the id of a user, or --name where users are not authenticated", () => {
    expect(read(["export", "anna"]).subject).to.deep.equal({ user: "anna", isAuthenticated: true });
    expect(read(["erase", "--name", "anna"], environment).subject).to.deep.equal({
      user: "anna",
      isAuthenticated: false,
    });
    expect(() => read(["erase", "anna"], environment)).to.throw(
      'The environment "dev" does not authenticate users, so several people may have used the name "anna". To erase all messages that were sent under this name, pass --name "anna"',
    );
    expect(() => read(["erase", "--name", "anna"])).to.throw('The environment "dev" authenticates users.');
    expect(() => read(["erase"])).to.throw("The command needs a user: npm run user -- erase anna.");
    expect(() => read(["erase", " anna"])).to.throw('" anna" cannot be a user of the chat.');
  });

  it("explains flags that are wrong", () => {
    for (const [args, message] of [
      [[], "The command must be export or erase"],
      [["delete", "anna"], "The command must be export or erase"],
      [["erase", "anna", "ben"], "and then one user"],
      [["export", "--dry-run", "anna"], "--dry-run, --while-connected and --write-units are flags of erase."],
      [["export", "--write-units", "9", "anna"], "--dry-run, --while-connected and --write-units are flags of erase."],
      [["erase", "--write-units", "0", "anna"], '--write-units is "0"; it must be a whole number from 1 to 40000.'],
      [["export", "--segments", "0", "anna"], '--segments is "0"; it must be a whole number from 1 to 64.'],
      [["export", "--endpoint", "foo", "anna"], '--endpoint is "foo"; it must be a URL such as http://127.0.0.1:40001'],
      [["export", "--endpoint", "localhost:1", "anna"], '--endpoint is "localhost:1"; it must be a URL'],
    ] as const) {
      expect(() => read(args), args.join(" ")).to.throw(message);
    }
  });

  it("uses at most 500 write units a second, half of what a partition accepts", () => {
    expect(read(["erase", "anna"]).writeUnits).to.equal(500);
    expect(read(["erase", "--write-units", "2000", "anna"]).writeUnits).to.equal(2_000);
    expect(summaryOf({ "write units": 300_000 }, "anna", 500)).to.match(
      /\nAbout 300,000 write units \(\$0\.19 in us-east-1\)\. At 500 a second, they take 10 min\.$/,
    );
  });

  it("names files by the user, also if the id has characters that file names cannot have", () => {
    const filesFor = (user: string) => filesOf(read(["export", user]));
    expect(filesFor("arn:aws:iam::123456789012:user/an*a").output).to.equal(
      "user-data/chat-dev-arn%3Aaws%3Aiam%3A%3A123456789012%3Auser%2Fan%2Aa.jsonl",
    );
    expect(filesFor("x".repeat(255)).output).to.match(/^user-data\/chat-dev-[\da-f]{64}\.jsonl$/);
    expect(filesOf(read(["erase", "--dry-run", "anna"]))).to.deep.equal({
      output: undefined,
      progress: "user-data/chat-dev-anna.erase-dry-run.progress.json",
    });
  });

  it("refuses to erase with a clock that is off, or while the user is connected", () => {
    expect(() => refuseWrongClock(-6_000)).to.throw("The clock of this machine is 6 seconds behind DynamoDB's");
    expect(() => refuseWrongClock(6_000)).to.throw("6 seconds ahead of DynamoDB's; at most 5 are allowed.");
    refuseWrongClock(4_999);
    const anna = { user: "anna", isAuthenticated: true };
    const refused = (moderators?: readonly string[]) => () =>
      refuseConnected(anna, 2, { ...(moderators && { moderators: [...moderators] }) });
    expect(refused(["mods"])).to.throw(/^"anna" has 2 connections\. .* Ban the user, or wait/);
    expect(refused()).to.throw("Disable the account at the issuer, or wait");
  });

  it("reports items of unknown kinds as an incomplete result", () => {
    const counts = { "unknown kind USER#… / FRIEND#…": 3, "messages of the user": 1_200 };
    expect(summaryOf(counts, "anna")).to.match(
      / 1,200 {2}messages of the user\n +3 {2}unknown kind USER#… \/ FRIEND#…\n.* incomplete/,
    );
    expect(summaryOf({}, "Anna")).to.match(
      /^ {10}0 {2}items of the user\nNo item of the table names "Anna"\. Names are/,
    );
  });

  it("states what an erasure does not reach, and whether it must be repeated", () => {
    const backups = { recoveryDays: 35, summaries: [] };
    const subject = { user: "anna", isAuthenticated: true };
    const lines = afterErasure({
      environment: { ...AUTHENTICATED, events: true },
      ...{ subject, backups, secondPassAt: NOON, now: NOON },
    });
    expect(lines).to.include("- Point-in-time recovery can restore the data until 2026-08-05.");
    expect(lines.join("\n"))
      .to.match(/expire after 14 days/)
      .and.match(/an erasure sends none/);
    expect(lines).to.include("- The account of the user at the issuer is not deleted.");
    expect(lines.at(-1)).to.equal(
      '"anna" was not banned, so the table was read twice: everything until 2026-07-01T12:00:00.000Z is erased. If the user can have sent something since, run the command again.',
    );
    const lastLine = (of: typeof subject, secondPassAt?: number) =>
      afterErasure({ subject: of, environment, backups, secondPassAt, now: NOON }).at(-1);
    expect(lastLine(subject), "banned").to.match(/^- Clients/);
    expect(lastLine({ user: "anna", isAuthenticated: false }, NOON)).to.match(
      /^Anybody can use the name "anna", so the table was read twice: .* If it was used since, run/,
    );
  });
});
