import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/http-server";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

const BUS = "$" + "{aws_cloudwatch_event_bus.events.name}";
const KEY = "a key";

const folderOf = (example: string): string => fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("examples", () => {
  const received: Received[] = [];
  const statuses: number[] = [];
  let receiver: Server;
  let chat: SignedInChat;
  let mona: Client;
  before(async () => {
    receiver = createServer(async (request, response) => {
      received.push({ headers: request.headers, body: (await buffer(request)).toString() });
      response.writeHead(statuses.shift() ?? 200).end();
    });
    const url = `http://${LOOPBACK}:${await listen(receiver, 0)}/events`;
    const event_pattern = JSON.stringify({ "detail-type": ["message stored"] });
    const extend = (folder: string): void => {
      const { output } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
      const [publish_function, publish_policy_json] = [output.publish_function.value, output.publish_policy_json.value];
      const module = {
        archive: { source: "./archive", event_bus_name: BUS },
        bot: { source: "./bot", event_bus_name: BUS, publish_function, publish_policy_json },
        "web-push": { source: "./web-push", event_bus_name: BUS, contact: "mailto:ops@example.com" },
        webhook: { source: "./webhook", event_bus_name: BUS, url, event_pattern },
      };
      for (const name of Object.keys(module)) cpSync(folderOf(name), join(folder, name), { recursive: true });
      writeFileSync(join(folder, "examples.tf.json"), JSON.stringify({ module }));
    };
    const publish = { channels: ["lobby"] };
    chat = await startSignedInChat(
      { events: true, directConversations: true, publish, moderators: ["moderators"] },
      { extend },
    );
    const secrets = new SecretsManagerClient(clientOptions(chat.endpointUrl));
    await secrets.send(new PutSecretValueCommand({ SecretId: "chat-webhook", SecretString: KEY }));
    secrets.destroy();
    mona = await chat.enter("mona", ["moderators"]);
  });
  after(async () => {
    await mona.close();
    await chat.stop();
    await close(receiver);
  });

  const clientOptions = (endpoint: string) => ({ endpoint, region: "eu-west-2", credentials: localCredentials() });

  const say = async (data: string): Promise<string> =>
    String((await answerTo(mona, { message: "sendmessage", data })).message);

  const receivedOf = async (data: string, count: number): Promise<Received[]> => {
    for (;;) {
      const found = received.filter(({ body }) => JSON.parse(body).detail.data === data);
      if (found.length >= count) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it("webhook: sends an event with a signature that the receiver can verify", async () => {
    await say("hello");
    const [{ headers, body } = { headers: {}, body: "" }] = await receivedOf("hello", 1);
    const expected = createHmac("sha256", KEY).update(`${headers["x-chat-timestamp"]}.${body}`).digest("hex");
    expect(headers["x-chat-signature"]).to.equal(`sha256=${expected}`);
    expect(headers["x-chat-event-id"]).to.equal(JSON.parse(body).detail.eventId);
  });

  it("webhook: retries an event that the receiver does not accept, with the same id", async () => {
    statuses.push(503);
    await say("again");
    const [first, second] = await receivedOf("again", 2);
    expect(first?.headers["x-chat-event-id"]).to.equal(second?.headers["x-chat-event-id"]);
  });

  it("web-push: notifies the browsers of a user who is away, and deletes subscriptions that have ended", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pushes: Received[] = [];
    const service = createServer((request, response) => {
      pushes.push({ headers: request.headers, body: String(request.url) });
      response.writeHead(request.url === "/ended" ? 410 : 201).end();
    });
    const origin = `http://${LOOPBACK}:${await listen(service, 0)}`;
    const secrets = new SecretsManagerClient(clientOptions(chat.endpointUrl));
    const SecretString = JSON.stringify(privateKey.export({ format: "jwk" }));
    await secrets.send(new PutSecretValueCommand({ SecretId: "chat-web-push", SecretString }));
    secrets.destroy();
    const dynamodb = new DynamoDBClient(clientOptions(chat.dynamodbUrl));
    const TableName = "chat-web-push-subscriptions";
    const keyOf = (path: string) => ({ user: { S: "ben" }, endpoint: { S: `${origin}/${path}` } });
    for (const path of ["laptop", "ended"]) await dynamodb.send(new PutItemCommand({ TableName, Item: keyOf(path) }));
    await (await chat.enter("ben")).close();
    while (chat.open.size > 1) await new Promise((resolve) => setTimeout(resolve, 10));

    const receivedPushes = async (count: number): Promise<void> => {
      while (pushes.filter(({ body }) => body === "/laptop").length < count)
        await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await answerTo(mona, { message: "sendmessage", data: "Where is @ben?", mentions: ["ben", "unknown"] });
    await receivedPushes(1);
    await answerTo(mona, { message: "direct", to: "ben", data: "Are you there?" });
    await receivedPushes(2);
    const isForgotten = async () =>
      (await dynamodb.send(new GetItemCommand({ TableName, Key: keyOf("ended") }))).Item === undefined;
    while (!(await isForgotten())) await new Promise((resolve) => setTimeout(resolve, 10));
    const authorization = String(pushes.find(({ body }) => body === "/laptop")?.headers.authorization);
    const [, signed = "", signature = ""] =
      /^vapid t=([\w-]+\.[\w-]+)\.([\w-]+), k=[\w-]{87}$/.exec(authorization) ?? [];
    const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", Buffer.from(signed), key, Buffer.from(signature, "base64url"))).to.equal(true);
    const claims = JSON.parse(Buffer.from(String(signed.split(".")[1]), "base64url").toString());
    expect(claims).to.include({ aud: origin, sub: "mailto:ops@example.com" });
    dynamodb.destroy();
    await close(service);
  });

  describe("bot", () => {
    let lambda: LambdaClient;
    before(() => {
      lambda = new LambdaClient(clientOptions(chat.endpointUrl));
    });
    after(() => lambda.destroy());

    const invoke = async (FunctionName: string, payload: object): Promise<void> => {
      const { FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
      );
      expect(FunctionError).to.equal(undefined);
    };

    /** The texts of the bot after a message, once there is one. */
    const answersAfter = async (after: string): Promise<string[]> => {
      for (;;) {
        const { messages } = await answerTo(mona, { message: "history", after });
        const texts = (messages as Record<string, string>[]).flatMap(({ from, data }) =>
          from === "chat-bot" ? String(data) : [],
        );
        if (texts.length > 0) return texts;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };

    it("answers a command of a user, and no other messages", async () => {
      const first = await say("ping");
      await say("!unknown");
      await say("!ping");
      expect(await answersAfter(first)).to.deep.equal(["pong, mona"]);
    });

    it("answers once if the event is repeated", async () => {
      const id = await say("!ping");
      expect(await answersAfter(id)).to.have.length(1);
      const detail = { id, channel: "lobby", from: "mona", data: "!ping", at: "2026-11-28T06:30:00.512Z" };
      await invoke("chat-bot", { "detail-type": "message stored", detail });
      expect(await answersAfter(id)).to.have.length(1);
    });

    it("does not answer a message of a program, so two bots do not answer each other", async () => {
      const first = await say("hello");
      await invoke("chat-dev-publish", { messages: [{ channel: "lobby", data: "!help", from: "other", id: "loop" }] });
      const detail = { id: first, channel: "lobby", from: "other", data: "!help", publisher: true };
      await invoke("chat-bot", { "detail-type": "message stored", detail });
      await say("!ping");
      expect(await answersAfter(first)).to.deep.equal(["pong, mona"]);
    });
  });

  it("archive: stores a message, and removes its text when it is deleted", async () => {
    const dynamodb = new DynamoDBClient(clientOptions(chat.dynamodbUrl));
    const id = await say("keep this");
    const until = async (attribute: string) => {
      for (;;) {
        const Key = { channel: { S: "lobby" }, id: { S: id } };
        const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "chat-archive", Key }));
        if (Item?.[attribute]) return Item;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    expect(await until("data")).to.deep.include({ from: { S: "mona" }, data: { S: "keep this" } });
    await answerTo(mona, { message: "delete", channel: "lobby", target: id });
    const deleted = await until("deletedBy");
    expect(deleted).to.include.keys("from", "deletedBy").and.not.have.property("data");
    dynamodb.destroy();
  });
});
