import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { localCredentials } from "../src/iam/credentials.ts";
import { type Emulator, start } from "../src/start.ts";
import { fixtureStack, returning } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";

/** Calls whatever the frame names, with the credentials and the address that its environment has. */
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

  const ask = async (name: string): Promise<string> => {
    const client = await connect(emulator.url);
    client.send({ message: "call", name });
    const answer = await client.next();
    await client.close();
    return answer;
  };

  it("lets a function invoke the function that its role names", async () => {
    expect(await ask("worker")).to.equal('"done"');
  });

  it("denies it every other, and tells which grant is missing", async () => {
    expect(await ask("other")).to.match(
      /^AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role\/call\/call is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-2:000000000000:function:other because no identity-based policy allows/,
    );
    expect(reports.at(-1)).to.match(
      /^aws_iam_role\.call is not allowed to perform lambda:InvokeFunction on .*function:other\. Grant it in/,
    );
  });

  it("lets whoever sits at this machine invoke everything", async () => {
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

  it("refuses a service that it does not play, by name", async () => {
    const headers = { Authorization: "AWS4-HMAC-SHA256 Credential=local/20261124/eu-west-2/sqs/aws4_request" };
    const response = await fetch(emulator.endpointUrl, { method: "POST", headers });
    const message =
      "The emulator does not play the service sqs. It plays execute-api, dynamodb, lambda and secretsmanager.";
    expect([response.status, await response.json()]).to.deep.equal([501, { message }]);
    expect(reports.at(-1)).to.equal(message);
  });
});
