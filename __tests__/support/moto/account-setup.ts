import { ApiGatewayV2Client, GetApisCommand, GetRoutesCommand } from "@aws-sdk/client-apigatewayv2";
import aws4 from "aws4";
import { expect } from "chai";

/* Prepares an account for the chat, and reads from it. */

interface Setup {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

async function send(awsUrl: string, setup: Setup, status: number): Promise<string> {
  const request = { ...setup, host: new URL(awsUrl).host };
  const { headers } = aws4.sign(request, { accessKeyId: "test", secretAccessKey: "test" });
  const { method, path, body } = setup;
  const answer = await fetch(awsUrl + path, {
    method,
    ...(body && { body }),
    headers: { Authorization: String(headers?.Authorization) },
  });
  const text = await answer.text();
  expect(answer.status, text).to.equal(status);
  return text;
}

/** Reads from S3. The path is a bucket with an object or a query. */
export const readS3 = (awsUrl: string, path: string): Promise<string> =>
  send(awsUrl, { service: "s3", region: "eu-west-2", method: "GET", path, body: "" }, 200);

/** The keys of the routes that require authentication, with its type. The account has one API. */
export async function protectedRoutes(awsUrl: string): Promise<(readonly [string | undefined, string | undefined])[]> {
  const gateway = new ApiGatewayV2Client({ endpoint: awsUrl, region: "eu-west-2" });
  const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
  const { Items: routes = [] } = await gateway.send(new GetRoutesCommand({ ApiId: api?.ApiId }));
  const isOpen = (type = "NONE", authorizer = ""): boolean => type === "NONE" || (type === "CUSTOM" && !authorizer);
  return routes
    .filter(({ AuthorizationType, AuthorizerId }) => !isOpen(AuthorizationType, AuthorizerId))
    .map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]);
}

/** Creates the public zone that a custom domain needs. Terraform looks it up and does not create it. */
export async function createHostedZone(awsUrl: string, name: string): Promise<void> {
  const body = `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${name}</Name><CallerReference>${Date.now()}</CallerReference></CreateHostedZoneRequest>`;
  await send(
    awsUrl,
    { service: "route53", region: "us-east-1", method: "POST", path: "/2013-04-01/hostedzone", body },
    201,
  );
}

/** Sets the account's role for logs of API Gateway, which stages with access logs require. The bootstrap stack does the same. */
export async function setLogsRole(awsUrl: string, account: string): Promise<void> {
  const value = `arn:aws:iam::${account}:role/api-gateway-logs`;
  const body = JSON.stringify({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value }] });
  await send(awsUrl, { service: "apigateway", region: "eu-west-2", method: "PATCH", path: "/account", body }, 200);
}
