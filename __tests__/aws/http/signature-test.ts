import aws4 from "aws4";
import { expect } from "chai";
import type { HttpRequest } from "../../../aws/http/http-client.ts";
import { type Scope, type Sign, signer } from "../../../aws/http/signature.ts";
import type { Credentials } from "../../../aws/runtime.ts";
import { NOON } from "../../support/builders.ts";

const credentials: Credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEX" };
const NO_HEADERS = {};
const post: HttpRequest = {
  method: "POST",
  path: "/dev/@connections/L0SM9cOFvHcCIhw%3D",
  headers: NO_HEADERS,
  body: "hello",
};
const DAY = 86_400_000;

interface Signing {
  readonly service?: Scope["service"];
  readonly post?: HttpRequest;
  readonly credentials?: Credentials;
  readonly now?: number;
}

const PLACE = { region: "eu-west-2", host: "abc.execute-api.eu-west-2.amazonaws.com" };

/** What aws4 makes of the same. It would add headers of its own choice, which need not be sent. */
function authorizationByAws4(own: Signing): unknown {
  const { service = "execute-api" } = own;
  const { headers } = own.post ?? post;
  const time = new Date(own.now ?? NOON).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
  const request = {
    ...(own.post ?? post),
    ...{ ...PLACE, service, headers: { ...headers, "X-Amz-Date": time } },
    extraHeadersToIgnore: { "content-length": true, ...(!headers["content-type"] && { "content-type": true }) },
  };
  const { sessionToken, ...keys } = own.credentials ?? credentials;
  return aws4.sign(request, { ...keys, ...(sessionToken !== undefined && { sessionToken }) }).headers?.Authorization;
}

/** A signer that signs with the time and the credentials of each request. */
function aSigner(service: Scope["service"] = "execute-api"): (own: Signing) => ReturnType<Sign> {
  let current: Signing = {};
  const sign = signer({
    ...PLACE,
    service,
    credentials: () => current.credentials ?? credentials,
    now: () => current.now ?? NOON,
  });
  return (own) => {
    current = own;
    return sign(own.post ?? post);
  };
}

const expectAgreement = (own: Signing, sign = aSigner(own.service)): void =>
  void expect(sign(own).authorization).to.equal(authorizationByAws4(own));

describe("aws/http/signature", () => {
  it("equals the signature of aws4", () => {
    expectAgreement({});
  });

  it("covers the session token", () => {
    const session = { ...credentials, sessionToken: "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==" };
    expectAgreement({ credentials: session });
    expect(aSigner()({ credentials: session })).to.include({ "x-amz-security-token": session.sessionToken });
  });

  it("covers the headers of the service, in their order", () => {
    const headers = { "x-amz-invocation-type": "Event", "content-type": "application/json" };
    const withHeaders = { ...post, headers };
    expectAgreement({ service: "lambda", post: withHeaders });
    expect(aSigner()({ post: withHeaders })).to.include(headers);
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
      const sign = aSigner();
      const midnight = NOON + DAY / 2;
      for (const now of [NOON, NOON + 999, NOON + 1_000, midnight - 1, midnight, midnight + DAY, NOON]) {
        expectAgreement({ now }, sign);
      }
    });

    it("keeps the headers of requests apart", () => {
      const sign = aSigner();
      const [one, other] = [{ "x-amz-target": "one" }, { "x-amz-target": "other" }];
      for (const headers of [one, other, NO_HEADERS, one]) expectAgreement({ post: { ...post, headers } }, sign);
    });

    it("changes with each part of the credentials, in the next second", () => {
      const sign = aSigner();
      const renewals: Partial<Credentials>[] = [
        {},
        { secretAccessKey: "another" },
        { accessKeyId: "ANOTHER" },
        { sessionToken: "one" },
        { sessionToken: "another" },
      ];
      for (const [second, renewed] of renewals.entries()) {
        expectAgreement({ credentials: { ...credentials, ...renewed }, now: NOON + second * 1_000 }, sign);
      }
    });
  });
});
