import { expect } from "chai";
import type { EmulatorEvent } from "../../src/inspector/events.ts";
import { type Emulator, start } from "../../src/start.ts";
import { fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";
import { until } from "../support/until.ts";

const PUSH = `
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
export const handler = async ({ requestContext: { domainName, stage, connectionId } }) => {
  console.log("pushing");
  const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  const push = new PostToConnectionCommand({ ConnectionId: connectionId, Data: "pushed" });
  await client.send(push).catch(() => undefined);
  return { statusCode: 200, body: "done" };
};`;

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
};
const policy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }],
};

describe("inspector/events", () => {
  const events: EmulatorEvent[] = [];
  let emulator: Emulator;
  before(async () => {
    const routes = {
      push: { code: PUSH, routeResponse: true, policy, trust },
      forbidden: { code: PUSH, routeResponse: true, trust },
      broken: { code: returning("null.x") },
      $disconnect: { code: returning("{}") },
    };
    emulator = await start({ stackDirectory: fixtureStack({ routes }), observe: (event) => events.push(event) });
  });
  after(() => emulator.stop());
  beforeEach(() => {
    events.length = 0;
  });
  const kinds = () => events.map(({ kind }) => kind);
  const only = <Kind extends EmulatorEvent["kind"]>(kind: Kind) =>
    events.filter((event): event is Extract<EmulatorEvent, { kind: Kind }> => event.kind === kind);

  it("follow a connection from its handshake to its close, with the close code", async () => {
    const client = await connect(`${emulator.url}?token=a`, { headers: { "X-Own": "b" } });
    client.socket.close(4000, "bye");
    await client.closed;
    await until(() => only("answered").some(({ routeKey }) => routeKey === "$disconnect"));
    expect(kinds()).to.deep.equal(["handshake", "answered", "opened", "closed", "invoked", "answered"]);
    const [handshake] = only("handshake");
    expect(handshake).to.deep.include({ path: "/test?token=a" });
    expect(handshake?.headers["X-Own"]).to.deep.equal(["b"]);
    expect(only("closed")[0]).to.deep.include({ code: 4000, reason: "bye", by: "client" });
  });

  it("tell the route of a frame, its invocation, its pushes and its answer", async () => {
    const client = await connect(emulator.url);
    events.length = 0;
    client.send({ message: "push" });
    expect([await client.next(), await client.next()]).to.deep.equal(["pushed", "done"]);
    const [[received], [pushed], [invoked], [answered], [sent], [logged]] = [
      only("received"),
      only("pushed"),
      only("invoked"),
      only("answered"),
      only("sent"),
      only("logged"),
    ];
    expect(received).to.deep.include({ routeKey: "push", text: '{"message":"push"}' });
    expect(pushed).to.deep.include({ method: "POST", status: 200, text: "pushed", caller: "aws_iam_role.push" });
    expect(invoked).to.deep.include({ functionName: "push", memoryMegabytes: 128, error: undefined });
    expect(answered).to.deep.include({ requestId: received?.requestId, status: 200, invocationId: invoked?.requestId });
    expect(sent).to.deep.include({ requestId: received?.requestId, isError: false, text: "done" });
    expect(logged).to.deep.include({ source: "push", message: "pushing", requestId: invoked?.requestId });
    await client.close();
  });

  it("name the missing permission of a denied request, and do not repeat it as a log entry", async () => {
    const client = await connect(emulator.url);
    client.send({ message: "forbidden" });
    await client.next();
    const [denied] = only("denied");
    expect(denied).to.deep.include({ principal: "aws_iam_role.forbidden", action: "execute-api:ManageConnections" });
    expect(denied?.explanation).to.include("Grant it in a policy of aws_iam_role.forbidden");
    expect(only("pushed")[0]).to.deep.include({ status: 403 });
    expect(only("logged").filter(({ source }) => source === "emulator")).to.deep.equal([]);
    await client.close();
  });

  it("contain the error of a function, and the error frame of its route", async () => {
    const client = await connect(emulator.url);
    client.send({ message: "broken" });
    await client.next();
    expect(only("invoked").find(({ functionName }) => functionName === "broken")?.error?.type).to.equal("TypeError");
    expect(only("sent")[0]?.isError).to.equal(true);
    await client.close();
  });
});
