import { expect } from "chai";
import { type ChangingEnvironment, changingEnvironment } from "../support/changing-environment.ts";
import { readS3 } from "../support/moto/account-setup.ts";

const WEBSITE = { domain: { name: "www.example.com", hostedZone: "example.com" } };
const DOMAIN = { name: "chat.example.com", hostedZone: "example.com" };

/**
 * moto has neither response headers policies nor all settings of a distribution, so __tests__/support/moto/cloudfront.ts stands in
 * for CloudFront. Neither serves the page, and neither has sign-in pages.
 */
describe("a deployed environment with a page", () => {
  let environment: ChangingEnvironment;

  before(async () => {
    environment = await changingEnvironment("121212121212");
    environment.buildPage({ "index.html": "<!doctype html>", "assets/index-B1.js": "start();", "icon.svg": "<svg/>" });
  });
  after(() => environment.stop());

  const bucketsOf = async (): Promise<string[]> =>
    textsIn(await readS3(environment.awsUrl, "/"), "Name").filter((name) => name.includes("-website-"));
  const keysOf = async (bucket = ""): Promise<string[]> =>
    textsIn(await readS3(environment.awsUrl, `/${bucket}?list-type=2`), "Key");

  it("is deployed without the page", () => environment.apply({}));

  it("gets the page with a domain, beside the domain of the API, and has an empty plan afterwards", () =>
    environment.apply({ website: WEBSITE, domain: DOMAIN, tags: { team: "chat" } }));

  it("gets changed files and the sign-in of a user pool, and loses the domain", async () => {
    environment.buildPage({ "index.html": "<!doctype html>2", "assets/index-B2.js": "go();" });
    await environment.apply({ website: true, authentication: { kind: "cognito" } });
  });

  it("has uploaded the files with the settings of the page, and has deleted old files", async () => {
    const [bucket] = await bucketsOf();
    expect(await keysOf(bucket)).to.have.members(["assets/index-B2.js", "config.json", "index.html"]);
    const { url, signIn } = JSON.parse(await readS3(environment.awsUrl, `/${bucket}/config.json`));
    expect(url).to.match(/^wss?:\/\/.+\/dev$/);
    expect(signIn.domain).to.match(/^https:\/\/[\da-f]{32}\.auth\.eu-west-2\.amazoncognito\.com$/);
    expect(signIn.redirectUri).to.match(/^https:\/\/\w+\.cloudfront\.net\/$/);
  });

  it("loses the page, and has an empty plan afterwards", async () => {
    await environment.apply({ authentication: { kind: "cognito" } });
    expect(await bucketsOf()).to.deep.equal([]);
  });

  it("leaves nothing behind when it is destroyed", () => environment.destroy());
});

const textsIn = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, "g"))].map(([, text = ""]) => text);
