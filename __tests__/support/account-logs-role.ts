import aws4 from "aws4";
import { expect } from "chai";

/** Gives an account the role for logs of API Gateway, as the bootstrap stack does: stages with access logs need it. */
export async function giveLogsRole(awsUrl: string, account: string): Promise<void> {
  const value = `arn:aws:iam::${account}:role/api-gateway-logs`;
  const request = {
    service: "apigateway",
    region: "eu-west-2",
    host: new URL(awsUrl).host,
    method: "PATCH",
    path: "/account",
    body: JSON.stringify({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value }] }),
  };
  const { headers } = aws4.sign(request, { accessKeyId: "test", secretAccessKey: "test" });
  const { method, path, body } = request;
  const answer = await fetch(awsUrl + path, {
    method,
    body,
    headers: { Authorization: String(headers?.Authorization) },
  });
  expect(answer.status, await answer.text()).to.equal(200);
}
