import { expect } from "chai";
import { publicPhrase } from "../src/public-access.ts";
import { textOf } from "./support/phrases.ts";
import { aReview, type Planned } from "./support/plans.ts";

const told = (resources: Readonly<Record<string, Planned>>): string[] => {
  const { publicAddresses, call } = aReview(resources);
  return publicAddresses.map((one) => textOf(publicPhrase(one, call)));
};

const BUCKET = { bucket: "chat-dev-website-1", arn: "arn:aws:s3:::chat-dev-website-1" };
const SITE = { comment: "chat-dev-website", enabled: true, aliases: ["www.example.com"] };
const CLIENT = { name: "chat-dev-website", callback_urls: ["https://www.example.com/"] };

describe("public addresses", () => {
  it("reports a new distribution with its bucket and each of its addresses", () => {
    const written = { origin: [{ domain_name: "${aws_s3_bucket.site.bucket_regional_domain_name}" }] as never };
    const after_unknown = { origin: true };
    expect(
      told({
        "aws_s3_bucket.site": { before: BUCKET },
        "aws_cloudfront_distribution.site": { before: null, after: SITE, after_unknown, written },
      }),
    ).to.deep.equal([
      "Anybody can now read files from bucket `chat-dev-website-1` at the address that CloudFront assigns, through distribution `chat-dev-website` (`aws_cloudfront_distribution.site`).",
      "Anybody can now read files from bucket `chat-dev-website-1` at `www.example.com`, through distribution `chat-dev-website` (`aws_cloudfront_distribution.site`).",
    ]);
  });

  it("reports only the addresses that change", () => {
    expect(
      told({ "aws_cloudfront_distribution.site": { before: SITE, after: { ...SITE, aliases: ["chat.example.com"] } } }),
    ).to.deep.equal([
      "Anybody can now read files at `chat.example.com`, through distribution `chat-dev-website` (`aws_cloudfront_distribution.site`).",
      "Nobody can any longer read files at `www.example.com`, through distribution `chat-dev-website` (`aws_cloudfront_distribution.site`).",
    ]);
  });

  it("treats a disabled distribution as not public", () => {
    const after = { ...SITE, aliases: [], enabled: false };
    expect(told({ "aws_cloudfront_distribution.site": { before: null, after } })).to.deep.equal([]);
  });

  it("reports the addresses to which an app client sends signed-in users", () => {
    expect(told({ "aws_cognito_user_pool_client.site": { before: null, after: CLIENT } })).to.deep.equal([
      "App client `chat-dev-website` (`aws_cognito_user_pool_client.site`) now sends signed-in users to `https://www.example.com/`.",
    ]);
    expect(told({ "aws_cognito_user_pool_client.site": { before: CLIENT, after: null } })).to.have.length(1);
  });

  it("reports nothing for resources that stay as they are", () => {
    const resources = {
      "aws_cloudfront_distribution.site": { before: SITE },
      "aws_cognito_user_pool_client.site": { before: CLIENT },
    };
    expect(told(resources)).to.deep.equal([]);
  });
});
