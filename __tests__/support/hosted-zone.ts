import aws4 from "aws4";
import { expect } from "chai";

/** Creates the public zone that a custom domain requires. Terraform looks it up and does not create it. */
export async function createHostedZone(awsUrl: string, name: string): Promise<void> {
  const request = {
    service: "route53",
    region: "us-east-1",
    host: new URL(awsUrl).host,
    method: "POST",
    path: "/2013-04-01/hostedzone",
    body: `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${name}</Name><CallerReference>${Date.now()}</CallerReference></CreateHostedZoneRequest>`,
  };
  const { headers } = aws4.sign(request, { accessKeyId: "test", secretAccessKey: "test" });
  const { method, path, body } = request;
  const answer = await fetch(awsUrl + path, {
    method,
    body,
    headers: { Authorization: String(headers?.Authorization) },
  });
  expect(answer.status, await answer.text()).to.equal(201);
}
