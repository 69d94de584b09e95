import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { authenticate, type VerificationOptions } from "../../src/iam/authenticate.ts";
import { developer, type Principal } from "../../src/iam/principal.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { captured } from "../support/captured.ts";
import { ACCOUNT_ID, aFunction } from "../support/principals.ts";
import { RECORDED_AT, RECORDED_CREDENTIALS, recordedRequests } from "../support/recorded-requests.ts";

const region = "eu-west-2";
const say = aFunction();
const principals = [aFunction(), say, developer(ACCOUNT_ID)];

const verification = (own: Partial<VerificationOptions> = {}): VerificationOptions => ({
  service: "execute-api",
  region,
  principals,
  now: () => RECORDED_AT,
  ...own,
});

const signed = (own: Parameters<typeof aws4Signed>[1]) =>
  aws4Signed(say.credentials, { now: RECORDED_AT, region, ...own });

describe("iam/authenticate identifies the sender of", () => {
  const id = "L0SM9cOFvHcCIhw=";
  const Item = { pk: { S: "CONN#é" } };
  type Send = (options: {
    endpoint: string;
    region: string;
    credentials: Principal["credentials"];
  }) => Promise<unknown>;
  const stage = ({ endpoint, ...options }: Parameters<Send>[0]) =>
    new ApiGatewayManagementApiClient({ ...options, endpoint: `${endpoint}/dev` });
  const clients: Record<string, [string, Send]> = {
    "a push": ["execute-api", (o) => stage(o).send(new PostToConnectionCommand({ ConnectionId: id, Data: "hé" }))],
    "a GetConnection": ["execute-api", (o) => stage(o).send(new GetConnectionCommand({ ConnectionId: id }))],
    "a DeleteConnection": ["execute-api", (o) => stage(o).send(new DeleteConnectionCommand({ ConnectionId: id }))],
    "a PutItem": ["dynamodb", (o) => new DynamoDBClient(o).send(new PutItemCommand({ TableName: "items", Item }))],
    "a Query": ["dynamodb", (o) => new DynamoDBClient(o).send(new QueryCommand({ TableName: "items" }))],
    "an Invoke by ARN": [
      "lambda",
      (o) =>
        new LambdaClient(o).send(
          new InvokeCommand({
            FunctionName: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:fan-out`,
            InvocationType: "Event",
            Payload: Buffer.from("{}"),
          }),
        ),
    ],
  };
  for (const [title, [service, send]] of Object.entries(clients)) {
    for (const principal of [say, developer(ACCOUNT_ID)]) {
      it(`${title} of the SDK, signed by ${principal.arn}`, async () => {
        // A copy, because the SDK modifies the object that it receives.
        const credentials = { ...principal.credentials };
        const request = await captured((endpoint) => send({ endpoint, region, credentials }));
        expect(authenticate(request, verification({ service, now: Date.now }))).to.deep.equal({ principal });
      });
    }
  }

  for (const { title, service, request } of recordedRequests) {
    it(title, () => {
      const principal = { ...say, credentials: RECORDED_CREDENTIALS };
      expect(authenticate(request, verification({ service, principals: [principal] }))).to.deep.equal({ principal });
    });
  }

  for (const signQuery of [false, true]) {
    it(`a request of aws4, signed in the ${signQuery ? "query string" : "header"}`, () => {
      const request = signed({ signQuery, path: "/dev/@connections/abc%3D?b=2&a=1" });
      expect(authenticate(request, verification())).to.deep.equal({ principal: say });
    });
  }

  it("a presigned request with an unsigned body", () => {
    const headers = { "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" };
    const request = signed({ signQuery: true, path: "/dev?X-Amz-Expires=60", headers });
    expect(authenticate({ ...request, body: "anything" }, verification())).to.deep.equal({ principal: say });
  });
});
