import { type ChangingEnvironment, changingEnvironment } from "../support/changing-environment.ts";

const PAGE = { "index.html": "<!doctype html>", "assets/index-B1.js": "start();", "icon.svg": "<svg/>" };
const DOMAIN = { name: "www.example.com", hostedZone: "example.com" };

describe("a deployed environment with a page", () => {
  let environment: ChangingEnvironment;

  before(async () => {
    environment = await changingEnvironment("121212121212");
    environment.buildPage(PAGE);
  });
  after(() => environment.stop());

  it("is deployed without the page", () => environment.apply({}));
  it("gets the page", () => environment.apply({ website: true }));
  it("gets a domain for the page, and one for the API", () =>
    environment.apply({
      website: { domain: DOMAIN },
      domain: { name: "chat.example.com", hostedZone: "example.com" },
      tags: { team: "chat" },
    }));
  it("signs in by a user pool of the stack", () =>
    environment.apply({ website: { domain: DOMAIN }, authentication: { kind: "cognito" } }));
  it("uploads changed files", async () => {
    environment.buildPage({ "index.html": "<!doctype html>2", "assets/index-B2.js": "go();" });
    await environment.apply({ website: true, authentication: { kind: "cognito" } });
  });
  it("loses the page", () => environment.apply({ authentication: { kind: "cognito" } }));
  it("is destroyed with the page", async () => {
    await environment.apply({ website: true });
    await environment.destroy();
  });
});
