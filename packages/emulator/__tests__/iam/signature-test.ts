import { expect } from "chai";
import { readSignature, type Signature, type SignedRequest, SigningKeys, sign } from "../../src/iam/signature.ts";

const CREDENTIAL = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const authorization = (own: Readonly<Record<string, string>> = {}): string => {
  const fields = { Credential: CREDENTIAL, SignedHeaders: "host;x-amz-date", Signature: "0f", ...own };
  return `AWS4-HMAC-SHA256 ${Object.entries(fields)
    .map((field) => field.join("="))
    .join(", ")}`;
};

const aRequest = (own: Partial<SignedRequest> = {}): SignedRequest => ({
  method: "GET",
  path: "/",
  body: "",
  ...own,
  headers: {
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    authorization: authorization(),
    ...own.headers,
  },
});

const read = (own: Partial<SignedRequest> = {}): Signature => readSignature(aRequest(own)) as Signature;

const signed = (own: Partial<SignedRequest> = {}) => {
  const signature = read(own);
  return sign(aRequest(own), signature, new SigningKeys().of(SECRET, signature));
};

const withSigned = (names: string): SignedRequest["headers"] => ({
  authorization: authorization({ SignedHeaders: names }),
});

describe("iam/signature", () => {
  it("reads a signature in the header", () => {
    expect(read({ headers: { "x-amz-security-token": "token" } })).to.deep.equal({
      accessKeyId: "AKIDEXAMPLE",
      date: "20150830",
      region: "us-east-1",
      service: "service",
      signature: "0f",
      signedHeaders: ["host", "x-amz-date"],
      timestamp: "20150830T123600Z",
      sessionToken: "token",
      expiresSeconds: undefined,
    });
  });

  it("reads a signature in the query string", () => {
    const query = new URLSearchParams({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": CREDENTIAL,
      "X-Amz-Date": "20150830T123600Z",
      "X-Amz-Expires": "60",
      "X-Amz-Security-Token": "to+ken=",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "0f",
    });
    expect(readSignature({ method: "GET", path: `/dev?${query}`, headers: {}, body: "" })).to.deep.include({
      accessKeyId: "AKIDEXAMPLE",
      signedHeaders: ["host"],
      sessionToken: "to+ken=",
      expiresSeconds: 60,
    });
  });

  it("ignores an expiry in a header", () => {
    expect(read({ headers: { "x-amz-expires": "604800" } }).expiresSeconds).to.equal(undefined);
    expect(read({ headers: { authorization: authorization({ Expires: "604800" }) } }).expiresSeconds).to.equal(
      undefined,
    );
  });

  it("reports a missing signature in a request without either", () => {
    expect(readSignature(aRequest({ headers: { authorization: undefined } }))).to.equal("missing");
    expect(readSignature(aRequest({ path: "/?a=1", headers: { authorization: undefined } }))).to.equal("missing");
  });

  for (const [title, header] of Object.entries({
    "of another scheme": "Bearer token",
    "of another algorithm": authorization().replace("SHA256", "SHA512"),
    "without fields": "AWS4-HMAC-SHA256 ",
    "without a credential": authorization({ Credential: "" }),
    "with an incomplete scope": authorization({ Credential: "AKIDEXAMPLE/20150830" }),
    "with an unknown end of the scope": authorization({ Credential: CREDENTIAL.replace("aws4", "aws5") }),
    "without signed headers": authorization({ SignedHeaders: "" }),
    "without a signature": authorization({ Signature: "" }),
    "with a scope of another day": authorization({ Credential: CREDENTIAL.replace("20150830", "20150831") }),
  })) {
    it(`reports an incomplete signature in a header ${title}`, () => {
      expect(readSignature(aRequest({ headers: { authorization: header } }))).to.equal("incomplete");
    });
  }

  for (const [title, date] of Object.entries({ "no date": undefined, "a date in another format": "20150830 noon" })) {
    it(`reports an incomplete signature in a request with ${title}`, () => {
      expect(readSignature(aRequest({ headers: { "x-amz-date": date } }))).to.equal("incomplete");
    });
  }

  it("reports an incomplete signature in a query string with some of its fields", () => {
    const headers = { authorization: undefined };
    expect(readSignature(aRequest({ path: "/?X-Amz-Algorithm=AWS4-HMAC-SHA256", headers }))).to.equal("incomplete");
  });

  // https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
  describe("computes the signature of AWS's test suite", () => {
    const suite: Record<string, [Partial<SignedRequest>, string]> = {
      "get-vanilla": [{}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
      "post-vanilla": [{ method: "POST" }, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
      "get-vanilla-query-order-key-case": [
        { path: "/?Param2=value2&Param1=value1" },
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
      ],
      "get-header-value-trim": [
        {
          headers: {
            "my-header1": " value1",
            "my-header2": ' "a   b   c"',
            ...withSigned("host;my-header1;my-header2;x-amz-date"),
          },
        },
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
      ],
    };
    for (const [name, [own, signature]] of Object.entries(suite)) {
      it(`for ${name}`, () => {
        expect(signed(own).signature).to.equal(signature);
      });
    }
  });

  describe("canonicalizes", () => {
    const line = (index: number, own: Partial<SignedRequest>) => signed(own).canonicalRequest.split("\n")[index];

    it("a path by encoding it again (MG-04)", () => {
      expect(line(1, { path: "/test/@connections/L0SM9c=" })).to.equal("/test/%40connections/L0SM9c%3D");
      expect(line(1, { path: "/@connections/L0SM9c%3D" })).to.equal("/%40connections/L0SM9c%253D");
      expect(line(1, { path: "/a!'()*~b" })).to.equal("/a%21%27%28%29%2A~b");
    });

    it("a query string in the order of its bytes, not of a locale", () => {
      expect(line(2, { path: "/?a=2&Z=1&a=10&a-b=&_=%7e&a1=+" })).to.equal("Z=1&_=~&a=10&a=2&a-b=&a1=%2B");
    });

    it("further question marks as a part of a value", () => {
      expect(line(2, { path: "/?a=b?c=d&e" })).to.equal("a=b%3Fc%3Dd&e=");
    });

    it("the body by its hash, even with a header that declares it unsigned", () => {
      const body = Buffer.from([0xff, 0x00]);
      const hash = "ea5dbf9596d187e9500f23e9a680109475341cf4e81f7e043f7d97152c10772f";
      expect(line(7, { body })).to.equal(hash);
      expect(line(7, { body, headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } })).to.equal(hash);
    });
  });

  it("derives another key for each secret, date, region and service", () => {
    const keys = new SigningKeys();
    const scope = { date: "20260816", region: "eu-west-2", service: "execute-api" };
    const keyOf = (secret: string, own: Partial<typeof scope> = {}) =>
      keys.of(secret, { ...scope, ...own }).toString("hex");
    const first = keyOf("a");
    const others = [keyOf("b"), keyOf("a", { date: "20260817" }), keyOf("a", { region: "eu-west-1" })];
    expect(new Set([first, ...others, keyOf("a", { service: "lambda" })])).to.have.property("size", 5);
    expect(keyOf("a")).to.equal(first);
  });
});
