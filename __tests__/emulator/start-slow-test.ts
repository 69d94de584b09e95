import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Emulator, start } from "@serverless-chat/emulator";
import { connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { connections } from "../../aws/table/connections.ts";
import { channelKey } from "../../aws/table/keys.ts";
import { members } from "../../aws/table/members.ts";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { aConnection } from "../support/builders.ts";
import { connectMany } from "../support/crowd.ts";
import { startChat } from "../support/running-chat.ts";
import { EVERYTHING, synthesizedChat } from "../support/synthesized.ts";
import { itemsIn, tableOf } from "../support/table.ts";

describe("the chat on the emulator", () => {
  const emulators: Emulator[] = [];
  const opened = async (starting: Promise<Emulator>) => {
    const emulator = await starting;
    emulators.push(emulator);
    return emulator;
  };
  /** For tests that leave its table empty. */
  let shared: Emulator;
  before(async () => {
    shared = await startChat();
  });
  after(() => shared.stop());
  afterEach(async () => {
    for (const emulator of emulators.splice(0)) await emulator.stop();
  });

  it("runs several stacks in one process, each with its own connections", async () => {
    const [here, there] = [shared, await opened(startChat())];
    const [anna, ben] = [await connect(here.url), await connect(there.url)];
    anna.send({ message: "sendmessage", data: "here" });
    expect(await anna.next()).to.equal("here");
    expect(await ben.untilEcho()).to.deep.equal([]);
    await anna.close();
    while ((await itemsIn(tableOf(here))) > 0) await sleep(50);
  });

  it("leaves an empty table after 200 clients connect and disconnect simultaneously", async () => {
    const table = tableOf(shared);
    const crowd = await connectMany(shared.url, 200);
    expect(await itemsIn(table)).to.equal(400);
    await Promise.all(crowd.map((client) => client.close()));
    while ((await itemsIn(table)) > 0) await sleep(50);
  });

  it("leaves an empty table after a fan-out to stale connections", async () => {
    const table = tableOf(shared);
    for (let ghosts = 0; ghosts < 30; ghosts += 1) {
      const ghost = aConnection({ connectedAt: Date.now() - 60_000 });
      await connections(table, Date.now).add(ghost);
      await members(table, Date.now).add(LOBBY_SHARD, ghost);
    }
    const anna = await connect(shared.url);
    anna.send({ message: "sendmessage", data: "anybody?" });
    expect(await anna.next()).to.equal("anybody?");
    while ((await itemsIn(table)) > 2) await sleep(50);
    await anna.close();
    while ((await itemsIn(table)) > 0) await sleep(50);
  });

  it("lets $connect repair the lobby of an earlier version, with the permissions of its function", async () => {
    const emulator = await opened(startChat());
    const { client, name } = tableOf(emulator);
    const ttl = Math.floor(Date.now() / 1000) + 1000;
    const item = marshall({ ...channelKey(LOBBY_SHARD.channel), ttl, shards: 2 });
    await client.send(new PutItemCommand({ TableName: name, Item: item }));
    const anna = await connect(emulator.url);
    const { Item = {} } = await client.send(
      new GetItemCommand({ TableName: name, Key: marshall(channelKey(LOBBY_SHARD.channel)) }),
    );
    expect(unmarshall(Item)).to.have.all.keys("pk", "sk", "shards", "growths", "changes");
    await anna.close();
  });

  it("writes the access log and the metrics of a chat with every setting, and lists ignored resources", async () => {
    const [accessLog, log]: string[][] = [[], []];
    const chat = await opened(
      start({
        stackDirectory: synthesizedChat({ environment: EVERYTHING }),
        verbose: true,
        logAccess: (line) => accessLog?.push(line),
        log: ({ message }) => log?.push(String(message)),
      }),
    );
    const anna = await connect(chat.url);
    anna.send({ message: "sendmessage", data: "hello" });
    expect(await anna.next()).to.equal("hello");
    while (!log?.some((line) => /^METRICS .*MessagesAccepted: 1\tPushesDelivered: 1/.test(line))) await sleep(10);
    const { route, status, functionStatus } = JSON.parse(accessLog?.[0] ?? "{}");
    expect({ route, status, functionStatus }).to.deep.equal({
      route: "$connect",
      status: "200",
      functionStatus: "200",
    });
    expect(chat.stack.notPlayed).to.include.members([
      "aws_sns_topic",
      "aws_lambda_function.tracing_config",
      "aws_apigatewayv2_domain_name",
    ]);
  });

  describe("reports the missing permission of a role, and where in Terraform to grant it, for", () => {
    const withoutGrant = (action: string): string => {
      const directory = synthesizedChat({});
      const path = join(directory, "cdk.tf.json");
      const stack = JSON.parse(readFileSync(path, "utf8"));
      for (const rolePolicy of Object.values<{ policy: string }>(stack.resource.aws_iam_role_policy)) {
        const policy = JSON.parse(rolePolicy.policy);
        policy.Statement = policy.Statement.filter(({ Action }: { Action: string[] }) => !Action.includes(action));
        rolePolicy.policy = JSON.stringify(policy);
      }
      writeFileSync(path, JSON.stringify(stack));
      return directory;
    };

    it("a push", async () => {
      const chat = await startChat(withoutGrant("execute-api:ManageConnections"));
      const anna = await connect(chat.url);
      anna.send({ message: "sendmessage", data: "unheard" });
      anna.send({ message: "sendmessage" });
      expect(await anna.untilEcho()).to.deep.equal([]);
      expect(await rejection(anna.close().then(chat.stop))).to.match(
        /^aws_iam_role\.send-message is not allowed to perform execute-api:ManageConnections on arn:aws:execute-api:.*\/POST\/@connections\/.*\. Grant it in aws_iam_role_policy\.send-message or aws_iam_role_policy\.send-message-invoke, or start with --no-iam\.$/m,
      );
    });

    it("a write to the table", async () => {
      const chat = await startChat(withoutGrant("dynamodb:PutItem"));
      expect(await rejection(connect(chat.url))).to.equal("Unexpected server response: 500");
      expect(await rejection(chat.stop())).to.match(
        /^aws_iam_role\.connect is not allowed to perform dynamodb:PutItem on arn:aws:dynamodb:.*table\/[\w-]+ with dynamodb:leadingkeys CONN#.*\. Grant it in aws_iam_role_policy\.connect, /,
      );
    });
  });

  it("closes connections with 1001 when it stops, and runs $disconnect", async () => {
    const dataDirectory = temporaryDirectory();
    const first = await start({ stackDirectory: synthesizedChat(), dataDirectory });
    const client = await connect(first.url);
    await first.stop();
    expect(await client.closed).to.deep.equal({ code: 1001, reason: "Going away" });
    const second = await opened(start({ stackDirectory: synthesizedChat(), dataDirectory }));
    expect(await itemsIn(tableOf(second))).to.equal(0);
  });
});
