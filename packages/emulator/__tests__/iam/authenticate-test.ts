import { expect } from "chai";
import { authenticate, type RequestError, type VerificationOptions } from "../../src/iam/authenticate.ts";
import type { SignedRequest } from "../../src/iam/signature.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { aFunction } from "../support/principals.ts";

const region = "eu-west-2";
const say = aFunction();
const NOW = Date.UTC(2026, 10, 24, 3, 49);
const LATER = NOW + 24 * 60 * 60_000;

const verification = (own: Partial<VerificationOptions> = {}): VerificationOptions => ({
  service: "execute-api",
  region,
  principals: [aFunction(), say],
  now: () => NOW,
  ...own,
});

/** The error of a request that was changed after the function `say` signed it, or that reaches another service. */
const errorOf = (request: SignedRequest, own: Partial<VerificationOptions> = {}): RequestError =>
  authenticate(request, verification(own)) as RequestError;

const signed = (own: Parameters<typeof aws4Signed>[1] = {}): SignedRequest =>
  aws4Signed(say.credentials, { now: NOW, region, ...own });

const mismatch = "The request signature we calculated does not match the signature you provided.";

describe("iam/authenticate", () => {
  describe("rejects a request", () => {
    it("without a signature, with the message of each service (MG-24)", () => {
      const request: SignedRequest = { method: "POST", path: "/", headers: { host: "h" }, body: "" };
      const errorType = "MissingAuthenticationTokenException";
      expect(errorOf(request)).to.deep.equal({ errorType, message: "Missing Authentication Token" });
      expect(errorOf(request, { service: "dynamodb" })).to.deep.equal({
        errorType,
        message: "Request is missing Authentication Token",
      });
    });

    it("with an incomplete signature", () => {
      const request = signed();
      expect(errorOf({ ...request, headers: { authorization: "AWS4-HMAC-SHA256 Signature=0f" } })).to.include({
        errorType: "IncompleteSignatureException",
      });
    });

    it("with an unknown key, without its token, or with the token of another principal", () => {
      const request = signed();
      const token = aFunction().credentials.sessionToken;
      const unknown = {
        errorType: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.",
      };
      expect(errorOf(request, { principals: [aFunction()] })).to.deep.equal(unknown);
      for (const other of [undefined, "", token]) {
        const headers = { ...request.headers, "x-amz-security-token": other };
        expect(errorOf({ ...request, headers }), String(other)).to.deep.equal(unknown);
      }
    });

    it("for another service or another region", () => {
      expect(errorOf(signed(), { service: "lambda" }).message).to.equal(
        "Credential should be scoped to correct service: 'lambda'. ",
      );
      expect(errorOf(signed(), { region: "us-east-1" }).message).to.equal(
        "Credential should be scoped to a valid region. ",
      );
    });

    it("whose signature does not cover the host", () => {
      const request = signed();
      const authorization = request.headers.authorization?.replace("host;", "");
      expect(errorOf({ ...request, headers: { ...request.headers, authorization } }).message).to.include("'Host'");
    });
  });

  describe("checks the time", () => {
    const at = (seconds: number) => ({ now: () => NOW + seconds * 1000 });

    it("of a signature, which can differ from the clock by five minutes", () => {
      for (const seconds of [-300, 300])
        expect(authenticate(signed(), verification(at(seconds)))).to.have.key("principal");
      expect(errorOf(signed(), at(301))).to.deep.equal({
        errorType: "InvalidSignatureException",
        message: "Signature expired: 20261124T034900Z is now earlier than 20261124T034901Z (20261124T035401Z - 5 min.)",
      });
      expect(errorOf(signed(), at(-301)).message).to.equal(
        "Signature not yet current: 20261124T034900Z is still later than 20261124T034859Z (20261124T034359Z + 5 min.)",
      );
    });

    it("of a presigned request, which is valid for as long as it specifies", () => {
      const request = signed({ signQuery: true, path: "/dev?X-Amz-Expires=3600" });
      expect(authenticate(request, verification(at(3_600)))).to.have.key("principal");
      expect(errorOf(request, at(3_601)).message).to.match(/^Signature expired: .* - 60 min\.\)$/);
      expect(errorOf(request, at(-301)).message).to.match(/^Signature not yet current/);
    });

    it("of callers with the system time, also if the time of the emulator was moved", () => {
      const moved = { now: () => LATER, movedBy: () => LATER - NOW };
      for (const signedAt of [NOW, LATER])
        expect(authenticate(signed({ now: signedAt }), verification(moved))).to.have.key("principal");
      expect(errorOf(signed({ now: NOW - 301_000 }), moved).message).to.match(/^Signature expired/);
      const presigned = signed({ signQuery: true, path: "/dev?X-Amz-Expires=3600" });
      expect(errorOf(presigned, moved).message).to.match(/^Signature expired/);
    });

    for (const [expires, sentence] of [
      ["604801", "X-Amz-Expires must be less than a week (in seconds); that"],
      ["soon", "X-Amz-Expires should be a number"],
      ["-1", "X-Amz-Expires should be a number"],
    ] as const) {
      it(`of a presigned request, which cannot be valid for ${expires} seconds`, () => {
        const request = signed({ signQuery: true, path: `/dev?X-Amz-Expires=${expires}` });
        expect(errorOf(request).message).to.include(sentence);
      });
    }

    it("of a signature with an invalid date, which counts as expired", () => {
      const request = signed();
      const headers = JSON.parse(JSON.stringify(request.headers).replaceAll("20261124", "20261399"));
      expect(errorOf({ ...request, headers }).message).to.match(/^Signature expired: 20261399T/);
    });
  });

  describe("detects a change of", () => {
    const request = signed({
      path: "/dev/@connections/abc%3D?a=1",
      body: "hi",
      headers: { "X-Amz-Target": "GetItem" },
    });
    const presigned = signed({ signQuery: true, path: "/dev?name=anna" });
    const [authorization = ""] = [request.headers.authorization];
    const changes: Record<string, SignedRequest> = {
      "the method": { ...request, method: "DELETE" },
      "the path": { ...request, path: request.path.replace("abc", "abd") },
      "the query string": { ...request, path: request.path.replace("a=1", "a=2") },
      "the text after a second question mark": { ...request, path: `${request.path}?b` },
      "the body": { ...request, body: "ho" },
      "the body, with a header that declares it unsigned": {
        ...request,
        body: "ho",
        headers: { ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
      },
      "a signed header": { ...request, headers: { ...request.headers, "x-amz-target": "PutItem" } },
      "the host": { ...request, headers: { ...request.headers, host: "elsewhere" } },
      "the list of signed headers": {
        ...request,
        headers: { ...request.headers, authorization: authorization.replace(";x-amz-target", "") },
      },
      "the signature": { ...request, headers: { ...request.headers, authorization: `${authorization}0` } },
      "a presigned query string": { ...presigned, path: `${presigned.path}&name=ben` },
      "the expiry of a presigned request": { ...presigned, path: `${presigned.path}&X-Amz-Expires=604800` },
    };
    for (const [title, changed] of Object.entries(changes)) {
      it(title, () => {
        expect(errorOf(changed).message).to.match(new RegExp(`^${mismatch}`));
      });
    }

    it("the method, and reports the strings that should have been signed, as AWS does (MG-25)", () => {
      const { message } = errorOf({ ...signed({ path: "/dev/@connections/abc%3D" }), method: "DELETE" });
      expect(message).to.match(
        /The Canonical String for this request should have been\n'DELETE\n\/dev\/%40connections\/abc%253D\n\nhost:.*\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261124T034900Z\n20261124\/eu-west-2\/execute-api\/aws4_request\n[\da-f]{64}'\n$/s,
      );
    });
  });
});
