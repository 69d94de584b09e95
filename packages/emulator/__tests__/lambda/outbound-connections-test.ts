import { expect } from "chai";
import { type Emulator, start } from "../../src/start.ts";
import { fixtureStack } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";

/** A function that sends the request that the frame names, and answers with its result or its error. */
const caller = `
  import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
  import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
  import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
  import { ListSecretVersionIdsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
  import http from "node:http";
  import https, { get } from "node:https";
  import { connect } from "node:tls";

  const region = process.env.AWS_REGION;
  const settled = (open) => new Promise((resolve, reject) => open(resolve).on("error", reject));
  const push = async (endpoint, { connectionId }) => {
    const client = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 1 });
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: "pushed to " + endpoint }));
  };
  const requests = {
    domain: (context) => push(\`https://\${context.domainName}/\${context.stage}\`, context),
    id: (context) => push(\`https://\${context.apiId}.execute-api.\${region}.amazonaws.com/\${context.stage}\`, context),
    dualStack: (context) => push(\`https://\${context.apiId}.execute-api.\${region}.api.aws/\${context.stage}\`, context),
    otherApi: (context) => push(\`https://another.execute-api.\${region}.amazonaws.com/\${context.stage}\`, context),
    dynamodb: () => new DynamoDBClient({ endpoint: \`https://dynamodb.\${region}.amazonaws.com\` }).send(new ListTablesCommand({})),
    dynamodbHttp: () => new DynamoDBClient({ endpoint: \`http://dynamodb.\${region}.amazonaws.com\` }).send(new ListTablesCommand({})),
    lambda: () => new LambdaClient({ endpoint: \`https://lambda.\${region}.amazonaws.com\` }).send(new InvokeCommand({ FunctionName: "worker" })),
    secrets: () => new SecretsManagerClient({ endpoint: \`https://secretsmanager.\${region}.amazonaws.com\` }).send(new ListSecretVersionIdsCommand({ SecretId: "none" })),
    fetchLambda: async () => (await fetch(\`https://lambda.\${region}.amazonaws.com/\`, { method: "POST" })).json(),
    fetch: () => fetch("https://sts.amazonaws.com/").catch((fault) => { throw fault.cause; }),
    https: () => settled((resolve) => https.get("https://SQS.eu-west-2.amazonaws.com./", resolve)),
    named: () => settled((resolve) => get({ host: "s3.amazonaws.com", agent: false }, resolve)),
    http: () => settled((resolve) => http.get("http://sns.eu-west-2.amazonaws.com/", resolve)),
    metadata: () => settled((resolve) => http.get("http://169.254.169.254/latest/meta-data/", resolve)),
    tls: () => settled((resolve) => connect(443, "kms.eu-west-2.api.aws", resolve)),
    elsewhere: () => settled((resolve) => https.get("https://localhost:1/", resolve)),
  };
  export const handler = async ({ body, requestContext }) => {
    try {
      const result = await requests[JSON.parse(body).request](requestContext);
      return { statusCode: 200, body: JSON.stringify(result ?? "sent") };
    } catch (fault) {
      return { statusCode: 200, body: (fault.code ?? fault.name) + ": " + fault.message };
    }
  };`;

const policy = {
  Statement: [
    { Effect: "Allow", Action: ["execute-api:ManageConnections", "lambda:InvokeFunction"], Resource: "*" },
    { Effect: "Allow", Action: ["dynamodb:ListTables", "secretsmanager:ListSecretVersionIds"], Resource: "*" },
  ],
};

describe("lambda/outbound-connections", () => {
  let emulator: Emulator;
  const log: unknown[] = [];
  before(async () => {
    const worker = { code: "export const handler = async () => 'done';" };
    emulator = await start({
      stackDirectory: fixtureStack({ routes: { call: { code: caller, routeResponse: true, policy }, worker } }),
      log: ({ source, level, message }) => void log.push(`${level} ${source} ${message}`),
    });
  });
  after(() => emulator.stop());

  const framesOf = async (request: string, count = 1): Promise<string[]> => {
    const client = await connect(emulator.url);
    client.send({ message: "call", request });
    const frames: string[] = [];
    while (frames.length < count) frames.push(await client.next());
    await client.close();
    return frames;
  };

  for (const request of ["domain", "id", "dualStack"]) {
    it(`lead to @connections of the API over HTTPS (${request})`, async () => {
      const [pushed, answer] = await framesOf(request, 2);
      expect(pushed).to.match(/^pushed to https:/);
      expect(answer).to.equal('"sent"');
    });
  }

  for (const [request, answer] of [
    ["dynamodb", /"TableNames":\[\]/],
    ["dynamodbHttp", /"TableNames":\[\]/],
    ["lambda", /"StatusCode":200/],
    ["secrets", /^ResourceNotFoundException: /],
    ["fetchLambda", /"Missing Authentication Token"/],
  ] as const) {
    it(`lead to the emulated service at its public host (${request})`, async () => {
      const [received] = await framesOf(request);
      expect(received).to.match(answer);
    });
  }

  for (const [request, host] of [
    ["fetch", "sts.amazonaws.com"],
    ["https", "sqs.eu-west-2.amazonaws.com"],
    ["named", "s3.amazonaws.com"],
    ["http", "sns.eu-west-2.amazonaws.com"],
    ["tls", "kms.eu-west-2.api.aws"],
    ["metadata", "169.254.169.254"],
    ["otherApi", "another.execute-api.eu-west-2.amazonaws.com"],
  ]) {
    it(`fail for any other host of AWS, and name the function and the host (${request})`, async () => {
      const [received] = await framesOf(String(request));
      const reason = `The function call requested ${host}, and no request leaves this machine for AWS. `;
      expect(received)
        .to.match(/^ERR_AWS_HOST_NOT_EMULATED: /)
        .and.contain(reason);
      expect(log.at(-1))
        .to.match(/^ERROR call The function call requested /)
        .and.contain(host);
    });
  }

  it("reach every other host", async () => {
    expect(await framesOf("elsewhere")).to.satisfy(([received = ""]) =>
      /^(ECONNREFUSED|AggregateError): /.test(received),
    );
  });
});
