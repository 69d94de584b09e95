import { type ChangingEnvironment, changingEnvironment } from "../support/changing-environment.ts";

const WEBSITE = { domain: { name: "www.example.com", hostedZone: "example.com" } };
const DOMAIN = { name: "chat.example.com", hostedZone: "example.com" };

/**
 * moto has neither response headers policies nor all settings of a distribution, so __tests__/support/cloudfront.ts stands in
 * for CloudFront. Neither serves the page, and neither has sign-in pages.
 */
describe("a deployed environment with a page", () => {
  let environment: ChangingEnvironment;

  before(async () => {
    environment = await changingEnvironment("121212121212");
    environment.buildPage({ "index.html": "<!doctype html>", "assets/index-B1.js": "start();", "icon.svg": "<svg/>" });
  });
  after(() => environment.stop());

  it("is deployed without the page", () => environment.apply({}));

  it("gets the page with a domain, beside the domain of the API, and has an empty plan afterwards", () =>
    environment.apply({ website: WEBSITE, domain: DOMAIN, tags: { team: "chat" } }));

  it("gets changed files and the sign-in of a user pool, and loses the domain", async () => {
    environment.buildPage({ "index.html": "<!doctype html>2", "assets/index-B2.js": "go();" });
    await environment.apply({ website: true, authentication: { kind: "cognito" } });
  });

  it("loses the page, and has an empty plan afterwards", () =>
    environment.apply({ authentication: { kind: "cognito" } }));

  it("leaves nothing behind when it is destroyed", () => environment.destroy());
});
