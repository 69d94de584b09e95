import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { containment } from "../src/boundary.ts";
import { openEndpoint, serveEndpoint } from "../src/endpoint.ts";
import { close } from "../src/http-server.ts";
import { localCredentials } from "../src/iam/principal.ts";
import { type Emulator, start } from "../src/start.ts";
import { fixtureStack, returning } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";
import { rejection } from "./support/rejection.ts";

/** A function that invokes the function in the frame, with the credentials and endpoint of its environment variables. */
const caller = `
  import { createRequire } from "node:module";
  const { InvokeCommand, LambdaClient } = createRequire(${JSON.stringify(import.meta.url)})("@aws-sdk/client-lambda");
  const client = new LambdaClient({ maxAttempts: 1 });
  export const handler = async ({ body }) => {
    const { name } = JSON.parse(body);
    try {
      const { Payload } = await client.send(new InvokeCommand({ FunctionName: name, Payload: "{}" }));
      return { statusCode: 200, body: Payload.transformToString() };
    } catch (fault) {
      return { statusCode: 200, body: fault.name + ": " + fault.message };
    }
  };`;

const policy = (Resource: string) => ({ Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource }] });

describe("endpoint", () => {
  let emulator: Emulator;
  const reports: unknown[] = [];
  before(async () => {
    emulator = await start({
      stackDirectory: fixtureStack({
        routes: {
          call: { code: caller, routeResponse: true, policy: policy("arn:aws:lambda:*:*:function:worker") },
          worker: { code: returning('"done"') },
          other: { code: returning('"never"') },
        },
      }),
      log: ({ source, message }) => void (source === "emulator" && reports.push(message)),
    });
  });
  after(() => emulator.stop());

  const invokeFrom = async (name: string): Promise<string> => {
    const client = await connect(emulator.url);
    client.send({ message: "call", name });
    const result = await client.next();
    await client.close();
    return result;
  };

  it("lets a function invoke the function that its role permits", async () => {
    expect(await invokeFrom("worker")).to.equal('"done"');
  });

  it("denies every other function, and reports the missing permission", async () => {
    expect(await invokeFrom("other")).to.match(
      /^AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role\/call\/call is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-2:000000000000:function:other because no identity-based policy allows/,
    );
    expect(reports.at(-1)).to.match(
      /^aws_iam_role\.call is not allowed to perform lambda:InvokeFunction on .*function:other\. Grant it in/,
    );
  });

  it("lets the developer's credentials invoke every function", async () => {
    const { endpointUrl: endpoint } = emulator;
    const credentials = localCredentials();
    const client = new LambdaClient({ endpoint, region: "eu-west-2", credentials });
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: "other" }));
    expect(Payload?.transformToString()).to.equal('"never"');
    client.destroy();
  });

  it("refuses a request without a signature", async () => {
    const response = await fetch(`${emulator.endpointUrl}/2015-03-31/functions/worker/invocations`, { method: "POST" });
    expect([response.status, await response.json()]).to.deep.equal([403, { message: "Missing Authentication Token" }]);
  });

  it("answers a request that fails unexpectedly with InternalFailure, as AWS does", async () => {
    const sentences: string[] = [];
    const { server, url } = await openEndpoint(() => true);
    const failing = () => {
      throw new TypeError("no such secret");
    };
    const report = (sentence: string) => sentences.push(sentence);
    serveEndpoint(server, {
      services: { dynamodb: failing, lambda: failing, secretsmanager: failing, events: failing },
      report,
      contain: containment(report),
    });
    const client = new LambdaClient({
      ...{ endpoint: url, region: "eu-west-2", credentials: localCredentials() },
      maxAttempts: 1,
    });
    const fault = await client.send(new InvokeCommand({ FunctionName: "other" })).catch(({ name, $metadata }) => ({
      name,
      status: $metadata.httpStatusCode,
    }));
    expect(fault).to.deep.equal({ name: "InternalFailure", status: 500 });
    expect(sentences).to.deep.equal([
      "The emulator failed to answer a request to a service, and continues. no such secret",
    ]);
    client.destroy();
    await close(server);
  });

  it("passes requests to DynamoDB, which checks their signatures", async () => {
    const place = { endpoint: emulator.endpointUrl, region: "eu-west-2" };
    const developer = new DynamoDBClient({ ...place, credentials: localCredentials() });
    expect((await developer.send(new ListTablesCommand())).TableNames).to.deep.equal([]);
    const stranger = new DynamoDBClient({ ...place, credentials: { accessKeyId: "who", secretAccessKey: "what" } });
    expect(await rejection(stranger.send(new ListTablesCommand()))).to.match(/security token .* is invalid/);
    developer.destroy();
    stranger.destroy();
  });

  it("refuses a service that is not supported", async () => {
    const headers = { Authorization: "AWS4-HMAC-SHA256 Credential=local/20261124/eu-west-2/sqs/aws4_request" };
    const response = await fetch(emulator.endpointUrl, { method: "POST", headers });
    const message =
      "The emulator does not support the service sqs. It supports execute-api, dynamodb, events, lambda and secretsmanager.";
    expect([response.status, await response.json()]).to.deep.equal([501, { message }]);
    expect(reports.at(-1)).to.equal(message);
  });
});
