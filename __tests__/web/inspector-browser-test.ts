import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type Emulator, start } from "@serverless-chat/emulator";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import type { AxeResults } from "axe-core";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Visit, visit } from "./support/chromium.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const HOSTILE = "<img src=x onerror=document.title='hacked'>";

const FORBIDDEN = `
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient();
export const handler = async () => {
  await client.send(new GetItemCommand({ TableName: "notes", Key: { id: { S: "a" } } })).catch(() => undefined);
  return { statusCode: 200, body: "denied" };
};`;

const trust = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
});

const stackDirectory = () =>
  fixtureStack({
    routes: {
      $default: {
        code: `export const handler = async (event) => { console.log("heard", event.body); return { statusCode: 200, body: event.body }; };`,
        routeResponse: true,
      },
      forbidden: { code: FORBIDDEN, routeResponse: true, trust: trust("lambda.amazonaws.com") },
      broken: { code: returning("JSON.parse('{')") },
    },
    resources: {
      aws_dynamodb_table: {
        notes: {
          name: "notes",
          billing_mode: "PAY_PER_REQUEST",
          hash_key: "id",
          attribute: [{ name: "id", type: "S" }],
        },
      },
    },
  });

describe("the inspector page", () => {
  let emulator: Emulator;
  let client: Client;
  let opened: Visit;
  before(async () => {
    emulator = await start({ stackDirectory: stackDirectory(), inspector: true });
    opened = await visit(emulator.inspectorUrl as string);
    client = await connect(emulator.url);
  });
  after(async () => {
    const { errors, close } = opened;
    await close();
    await emulator.stop();
    expect(errors).to.deep.equal([]);
  });
  const view = (name: string) => opened.page.getByRole("navigation").getByRole("button", { name }).click();
  const row = (text: string) => opened.page.locator("#rows li:visible", { hasText: text });

  it("shows a frame with its route, its invocation and its log, as text", async () => {
    const { page } = opened;
    client.send(HOSTILE);
    expect(await client.next()).to.equal(HOSTILE);
    const frame = row("→ frame");
    await frame.getByText("$default").waitFor();
    await frame.locator("summary").click();
    await frame.getByText("INFO heard").waitFor();
    for (const text of ["billed", "not measured without --verbose"]) await frame.getByText(text).waitFor();
    await row("← response").getByText(HOSTILE).waitFor();
    expect(await page.locator("#rows img").count()).to.equal(0);
    expect(await page.title()).to.equal("Inspector");
  });

  it("shows the error of a function, and filters by text and by kind", async () => {
    const { page } = opened;
    client.send({ message: "broken" });
    await client.next();
    await row("← error").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("searchbox", { name: "Filter" }).and(page.locator(":focus")).fill("broken");
    await row("→ frame").waitFor();
    expect(await row("onerror").count()).to.equal(0);
    await page.getByRole("searchbox", { name: "Filter" }).fill("");
    await page.getByRole("combobox", { name: "Show" }).selectOption("errors");
    await row("← error").waitFor();
    expect(await row("← response").count()).to.equal(0);
    await page.getByRole("combobox", { name: "Show" }).selectOption("everything");
  });

  it("shows a denied request with the missing grant", async () => {
    client.send({ message: "forbidden" });
    await client.next();
    await view("Denials");
    await opened.page.getByRole("heading", { name: "dynamodb:GetItem" }).waitFor();
    await opened.page
      .locator("#denial-list")
      .getByText(/aws_iam_role\.forbidden is not allowed to perform/)
      .waitFor();
  });

  it("pauses, continues and clears by keyboard", async () => {
    const { page } = opened;
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Alt+p");
    client.send("while paused");
    await client.next();
    await page.getByText(/^Paused, \d+ new$/).waitFor();
    expect(await row("while paused").count()).to.equal(0);
    await page.keyboard.press("Alt+p");
    await row("while paused").first().waitFor();
    await page.keyboard.press("Alt+l");
    await page.getByText("No traffic yet.").waitFor();
  });

  it("sends frames as a connection of its own, and pushes to another", async () => {
    const { page } = opened;
    await page.keyboard.press("Alt+6");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("textbox", { name: "Frame" }).fill("from the page");
    await page.getByText("Connected. Answers are").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Last frame: from the page").waitFor();
    await page.getByRole("combobox", { name: "Connection" }).selectOption({ index: 0 });
    await page.getByRole("textbox", { name: "Message" }).fill("a push");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Sent.").waitFor();
    expect(await client.next()).to.equal("a push");
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("closed with 1000").waitFor();
  });

  it("shows connections with their last route, and items of tables", async () => {
    const { page } = opened;
    await view("Connections");
    // The connection of the page can still be in the list.
    await page.getByRole("article").getByText("$default").first().waitFor();
    await view("Tables");
    await page.getByRole("button", { name: "Load items" }).click();
    await page.getByText("0 items.").waitFor();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has nothing that axe reports and does not scroll sideways on a phone, in ${colorScheme} colors`, async () => {
      client.send({ message: "broken", text: "x".repeat(300) });
      await client.next();
      const options = { colorScheme, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
      const { page, close } = await visit(emulator.inspectorUrl as string, options);
      await page.locator("#rows summary").first().click();
      // All views at once, because each run of axe takes half a second.
      await page.evaluate(() => {
        for (const section of document.querySelectorAll("section")) section.hidden = false;
      });
      expect(await violations(page)).to.deep.equal([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.equal(360);
      await close();
    });
  }

  it("cannot be read or used by a page of another origin", async () => {
    const other = createServer((_request, response) => response.setHeader("Content-Type", "text/html").end("<p>other"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { page, close } = await visit(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const attempts = {
      read: `fetch(inspector + "/state")`,
      download: `fetch(inspector + "/session.jsonl", { mode: "no-cors" })`,
      post: `fetch(inspector + "/clear", { method: "POST", mode: "no-cors", body: "{}" })`,
      postJson: `fetch(inspector + "/clear", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })`,
      events: `new Promise((resolve, reject) => Object.assign(new EventSource(inspector + "/events"), { onopen: resolve, onerror: reject }))`,
      script: `new Promise((resolve, reject) => document.head.append(Object.assign(document.createElement("script"), { src: inspector + "/main.js", onload: resolve, onerror: reject })))`,
    };
    const inspector = JSON.stringify(emulator.inspectorUrl);
    for (const [name, attempt] of Object.entries(attempts)) {
      const script = `(async (inspector) => await ${attempt}.then(() => "allowed", () => "refused"))(${inspector})`;
      expect(await page.evaluate(script), name).to.equal("refused");
    }
    await close();
    other.close();
  });
});
