import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import aws4 from "aws4";
import { expect } from "chai";
import { awsName } from "../../infra/names.ts";
import { addBackendRoles, credentialsOf, type RoleCredentials } from "../support/backend-role.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";

const PUBLISH = { publish: { channels: ["lobby"], functionUrl: true, eventSource: "acme.ci" } };
const PAYLOAD = JSON.stringify({ messages: [{ channel: "lobby", data: "hi", id: "d-1" }] });
const { region } = environment;

describe("the permissions to publish", () => {
  let chat: EmulatedChat;
  let backend: RoleCredentials;
  let stranger: RoleCredentials;
  before(async () => {
    chat = await startChat(addBackendRoles(synthesizedChat({ environment: PUBLISH })));
    [backend, stranger] = await Promise.all([credentialsOf("backend", chat), credentialsOf("stranger", chat)]);
  });
  after(async () => {
    const reports = (await rejection(chat.stop())).split("\n");
    expect(reports.filter((report) => !report.includes("is not allowed to perform"))).to.deep.equal([]);
  });

  /** The payload, or the name of the error. */
  async function invoke(credentials: RoleCredentials, functionName: string): Promise<string> {
    const lambda = new LambdaClient({ region, endpoint: chat.endpointUrl, credentials, maxAttempts: 1 });
    try {
      const command = new InvokeCommand({ FunctionName: awsName(environment, functionName), Payload: PAYLOAD });
      return (await lambda.send(command)).Payload?.transformToString() ?? "";
    } catch (fault) {
      return (fault as Error).name;
    } finally {
      lambda.destroy();
    }
  }

  async function post(
    credentials: RoleCredentials,
    { url, ...own }: Readonly<Record<"service" | "body", string>> & { url: URL; headers: Record<string, string> },
  ) {
    const signing = { method: "POST", path: url.pathname, host: url.host, region, ...own };
    const {
      Host: _,
      "Content-Length": __,
      ...headers
    } = aws4.sign(signing, credentials).headers as Record<string, string>;
    const response = await fetch(url, { method: "POST", headers, body: own.body });
    return { status: response.status, body: await response.json() };
  }

  const request = (credentials: RoleCredentials) =>
    post(credentials, {
      url: new URL("publish", chat.functionUrls.get(awsName(environment, "publish"))),
      ...{ service: "lambda", headers: { "Content-Type": "application/json" }, body: PAYLOAD },
    });

  const putEvent = (credentials: RoleCredentials, Source: string) =>
    post(credentials, {
      url: new URL(chat.endpointUrl),
      service: "events",
      headers: { "X-Amz-Target": "AWSEvents.PutEvents", "Content-Type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ Entries: [{ Source, DetailType: "Build", Detail: PAYLOAD }] }),
    });

  it("are those of publish_policy_json: to invoke the function, to use its URL, and to send events of the source", async () => {
    expect(await invoke(backend, "publish")).to.match(/^\{"outcomes":\[\{"id":"d-1","messageId":"\w{26}"\}\]\}$/);
    expect(await request(backend)).to.have.nested.property("body.outcomes[0].repeated", true);
    expect(await putEvent(backend, "acme.ci")).to.deep.include({ status: 200 });
  });

  it("do not include other functions and other events", async () => {
    expect(await invoke(backend, "send-message")).to.equal("AccessDeniedException");
    expect(await putEvent(backend, "acme.hr")).to.have.nested.property("body.__type", "AccessDeniedException");
  });

  it("are missing in a role without this policy", async () => {
    expect(await invoke(stranger, "publish")).to.equal("AccessDeniedException");
    expect(await request(stranger)).to.have.property("status", 403);
    expect(await putEvent(stranger, "acme.ci")).to.have.nested.property("body.__type", "AccessDeniedException");
  });
});
