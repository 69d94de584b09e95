import aws4 from "aws4";
import { expect } from "chai";
import { type Credentials, type Scope, signer, type UnsignedRequest } from "../../../aws/http/signature.ts";
import { NOON } from "../../support/builders.ts";

const credentials: Credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEX" };
const scope: Scope = { service: "execute-api", region: "eu-west-2", host: "abc.execute-api.eu-west-2.amazonaws.com" };
const post: UnsignedRequest = { method: "POST", path: "/dev/@connections/L0SM9cOFvHcCIhw%3D", body: "hello" };
const DAY = 86_400_000;

interface Signing {
  readonly scope?: Scope;
  readonly post?: UnsignedRequest;
  readonly credentials?: Credentials;
  readonly now?: number;
}

/** What aws4 makes of the same. It would add headers of its own choice, which need not be sent. */
function authorizationByAws4(own: Signing): unknown {
  const { service, region, host, headers = {} } = own.scope ?? scope;
  const time = new Date(own.now ?? NOON).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
  const request = {
    ...(own.post ?? post),
    ...{ service, region, host, headers: { ...headers, "X-Amz-Date": time } },
    extraHeadersToIgnore: { "content-length": true, ...(!headers["content-type"] && { "content-type": true }) },
  };
  const { sessionToken, ...keys } = own.credentials ?? credentials;
  return aws4.sign(request, { ...keys, ...(sessionToken !== undefined && { sessionToken }) }).headers?.Authorization;
}

const signed = (own: Signing, sign = signer(own.scope ?? scope)) =>
  sign(own.post ?? post, { credentials: own.credentials ?? credentials, now: own.now ?? NOON });

const expectAgreement = (own: Signing, sign?: ReturnType<typeof signer>): void =>
  void expect(signed(own, sign).authorization).to.equal(authorizationByAws4(own));

describe("aws/http/signature", () => {
  it("equals the signature of aws4", () => {
    expectAgreement({});
  });

  it("covers the session token", () => {
    const session = { ...credentials, sessionToken: "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==" };
    expectAgreement({ credentials: session });
    expect(signed({ credentials: session })).to.include({ "x-amz-security-token": session.sessionToken });
  });

  it("covers the headers of the service, in their order", () => {
    const headers = { "x-amz-invocation-type": "Event", "content-type": "application/json" };
    expectAgreement({ scope: { ...scope, service: "lambda", headers } });
    expect(signed({ scope: { ...scope, headers } })).to.include(headers);
  });

  it("covers bodies in any script, and empty bodies", () => {
    for (const body of ["héllo", "日本語 🎉", ""]) expectAgreement({ post: { ...post, body } });
  });

  it("covers the method", () => {
    expectAgreement({ post: { ...post, method: "DELETE", body: "" } });
  });

  it("covers ids of any characters", () => {
    for (const id of ["a+b/c=", "!'()*~-_.", "é 🎉", "a:b@c$d&e,f;g"]) {
      expectAgreement({ post: { ...post, path: `/dev/@connections/${encodeURIComponent(id)}` } });
    }
  });

  describe("of the same signer", () => {
    it("changes with the time, within a day and across days", () => {
      const sign = signer(scope);
      const midnight = NOON + DAY / 2;
      for (const now of [NOON, NOON + 999, NOON + 1_000, midnight - 1, midnight, midnight + DAY, NOON]) {
        expectAgreement({ now }, sign);
      }
    });

    it("changes with each part of the credentials", () => {
      const sign = signer(scope);
      const renewals: Partial<Credentials>[] = [
        {},
        { secretAccessKey: "another" },
        { accessKeyId: "ANOTHER" },
        { sessionToken: "one" },
        { sessionToken: "another" },
      ];
      for (const renewed of renewals) expectAgreement({ credentials: { ...credentials, ...renewed } }, sign);
    });
  });
});
