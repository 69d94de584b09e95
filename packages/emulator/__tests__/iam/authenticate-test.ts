import { expect } from "chai";
import { authenticate, type RequestError, type VerificationOptions } from "../../src/iam/authenticate.ts";
import type { SignedRequest } from "../../src/iam/signature.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { aFunction } from "../support/principals.ts";

const region = "eu-west-2";
const say = aFunction();
const NOW = Date.UTC(2026, 10, 24, 3, 49);

const verification = (own: Partial<VerificationOptions> = {}): VerificationOptions => ({
  service: "execute-api",
  region,
  principals: [aFunction(), say],
  now: () => NOW,
  ...own,
});

/** The fault of a request that the function `say` signed and somebody changed, or that reaches another gate. */
const faultOf = (request: SignedRequest, own: Partial<VerificationOptions> = {}): RequestError =>
  authenticate(request, verification(own)) as RequestError;

const signed = (own: Parameters<typeof aws4Signed>[1] = {}): SignedRequest =>
  aws4Signed(say.credentials, { now: NOW, region, ...own });

const mismatch = "The request signature we calculated does not match the signature you provided.";

describe("iam/authenticate", () => {
  describe("refuses a request", () => {
    it("without a signature, in the words of each service (MG-24)", () => {
      const request: SignedRequest = { method: "POST", path: "/", headers: { host: "h" }, body: "" };
      const errorType = "MissingAuthenticationTokenException";
      expect(faultOf(request)).to.deep.equal({ errorType, message: "Missing Authentication Token" });
      expect(faultOf(request, { service: "dynamodb" })).to.deep.equal({
        errorType,
        message: "Request is missing Authentication Token",
      });
    });

    it("with half a signature", () => {
      const request = signed();
      expect(faultOf({ ...request, headers: { authorization: "AWS4-HMAC-SHA256 Signature=0f" } })).to.include({
        errorType: "IncompleteSignatureException",
      });
    });

    it("of a key it does not know, without its token, or with that of another", () => {
      const request = signed();
      const token = aFunction().credentials.sessionToken;
      const unknown = {
        errorType: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.",
      };
      expect(faultOf(request, { principals: [aFunction()] })).to.deep.equal(unknown);
      for (const other of [undefined, "", token]) {
        const headers = { ...request.headers, "x-amz-security-token": other };
        expect(faultOf({ ...request, headers }), String(other)).to.deep.equal(unknown);
      }
    });

    it("for another service or another region", () => {
      expect(faultOf(signed(), { service: "lambda" }).message).to.equal(
        "Credential should be scoped to correct service: 'lambda'. ",
      );
      expect(faultOf(signed(), { region: "us-east-1" }).message).to.equal(
        "Credential should be scoped to a valid region. ",
      );
    });

    it("whose host was not signed, since it would be good at any", () => {
      const request = signed();
      const authorization = request.headers.authorization?.replace("host;", "");
      expect(faultOf({ ...request, headers: { ...request.headers, authorization } }).message).to.include("'Host'");
    });
  });

  describe("minds the time:", () => {
    const at = (seconds: number) => ({ now: () => NOW + seconds * 1000 });

    it("a signature is good for five minutes, either way", () => {
      for (const seconds of [-300, 300])
        expect(authenticate(signed(), verification(at(seconds)))).to.have.key("principal");
      expect(faultOf(signed(), at(301))).to.deep.equal({
        errorType: "InvalidSignatureException",
        message: "Signature expired: 20261124T034900Z is now earlier than 20261124T034901Z (20261124T035401Z - 5 min.)",
      });
      expect(faultOf(signed(), at(-301)).message).to.equal(
        "Signature not yet current: 20261124T034900Z is still later than 20261124T034859Z (20261124T034359Z + 5 min.)",
      );
    });

    it("a presigned one as long as it says", () => {
      const request = signed({ signQuery: true, path: "/dev?X-Amz-Expires=3600" });
      expect(authenticate(request, verification(at(3_600)))).to.have.key("principal");
      expect(faultOf(request, at(3_601)).message).to.match(/^Signature expired: .* - 60 min\.\)$/);
      expect(faultOf(request, at(-301)).message).to.match(/^Signature not yet current/);
    });

    for (const [expires, sentence] of [
      ["604801", "X-Amz-Expires must be less than a week (in seconds); that"],
      ["soon", "X-Amz-Expires should be a number"],
      ["-1", "X-Amz-Expires should be a number"],
    ] as const) {
      it(`a presigned one cannot last ${expires} seconds`, () => {
        const request = signed({ signQuery: true, path: `/dev?X-Amz-Expires=${expires}` });
        expect(faultOf(request).message).to.include(sentence);
      });
    }

    it("a day that no calendar has is over", () => {
      const request = signed();
      const headers = JSON.parse(JSON.stringify(request.headers).replaceAll("20261124", "20261399"));
      expect(faultOf({ ...request, headers }).message).to.match(/^Signature expired: 20261399T/);
    });
  });

  describe("sees that somebody changed", () => {
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
      "what comes after a second question mark": { ...request, path: `${request.path}?b` },
      "the body": { ...request, body: "ho" },
      "the body, and says that it is not signed": {
        ...request,
        body: "ho",
        headers: { ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
      },
      "a signed header": { ...request, headers: { ...request.headers, "x-amz-target": "PutItem" } },
      "the host": { ...request, headers: { ...request.headers, host: "elsewhere" } },
      "which headers are signed": {
        ...request,
        headers: { ...request.headers, authorization: authorization.replace(";x-amz-target", "") },
      },
      "the signature": { ...request, headers: { ...request.headers, authorization: `${authorization}0` } },
      "a presigned query string": { ...presigned, path: `${presigned.path}&name=ben` },
      "how long a presigned one is good": { ...presigned, path: `${presigned.path}&X-Amz-Expires=604800` },
    };
    for (const [title, changed] of Object.entries(changes)) {
      it(title, () => {
        expect(faultOf(changed).message).to.match(new RegExp(`^${mismatch}`));
      });
    }

    it("and tells what should have been signed, as AWS does (MG-25)", () => {
      const { message } = faultOf({ ...signed({ path: "/dev/@connections/abc%3D" }), method: "DELETE" });
      expect(message).to.match(
        /The Canonical String for this request should have been\n'DELETE\n\/dev\/%40connections\/abc%253D\n\nhost:.*\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261124T034900Z\n20261124\/eu-west-2\/execute-api\/aws4_request\n[\da-f]{64}'\n$/s,
      );
    });
  });
});
