import { once } from "node:events";
import { request } from "node:http";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type Emulator, start } from "../../src/start.ts";
import { fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { type Client, connect } from "../support/client.ts";

const routes = { $default: { code: returning("{ statusCode: 200, body: event.body }"), routeResponse: true } };
const attribute = [{ name: "id", type: "S" }];
const resources = {
  aws_dynamodb_table: { notes: { name: "notes", billing_mode: "PAY_PER_REQUEST", hash_key: "id", attribute } },
};
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** The parts of the answers that the tests read. */
interface Answer {
  readonly connections: { readonly connectionId: string }[];
  readonly items: object[];
  readonly next: string;
}

describe("inspector/server", () => {
  let emulator: Emulator;
  let client: Client;
  before(async () => {
    emulator = await start({ stackDirectory: fixtureStack({ routes, resources }), inspector: true });
    client = await connect(emulator.url);
  });
  after(() => emulator.stop());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${emulator.inspectorUrl}${path}`, { headers });
  const json = async (path: string): Promise<Answer> => (await (await get(path)).json()) as Answer;
  const post = (path: string, input: object, headers: Record<string, string> = {}) =>
    fetch(`${emulator.inspectorUrl}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(input),
    });
  /** `fetch` sends its own `Sec-Fetch-Mode`. */
  const statusOf = async (path: string, headers: Record<string, string>) => {
    const [response] = await once(request(`${emulator.inspectorUrl}${path}`, { headers }).end(), "response");
    response.resume();
    return response.statusCode;
  };
  const connectionId = async () => (await json("/state")).connections[0]?.connectionId;

  it("serves a page whose files together have less than 40 KB, with a strict content security policy", async () => {
    const page = await get("");
    expect(page.headers.get("content-security-policy")).to.match(/^default-src 'none'; script-src 'self';/);
    const html = await page.text();
    const files = ["/inspector.css", "/main.js", "/elements.js", "/traffic.js", "/views.js"];
    const texts = await Promise.all(files.map(async (file) => (await get(file)).text()));
    expect([html, ...texts].join("").length).to.be.below(40_000);
    expect((await get("/secrets.txt")).status).to.equal(404);
  });

  it("refuses requests of pages of other origins, also of other ports", async () => {
    const { origin } = new URL(emulator.managementUrl);
    const refused: Record<string, string>[] = [
      { Origin: "http://127.0.0.1:1" },
      { Origin: "https://example.com" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "cross-site" },
    ];
    for (const headers of refused) {
      expect((await get("/state", headers)).status, JSON.stringify(headers)).to.equal(403);
      expect((await post("/clear", {}, headers)).status, JSON.stringify(headers)).to.equal(403);
    }
    expect((await get("/state", { Origin: origin, "Sec-Fetch-Site": "same-origin" })).status).to.equal(200);
  });

  it("lets a link on another page lead to the page itself, but does not let it be framed", async () => {
    const link = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" };
    expect(await statusOf("", { ...link, "Sec-Fetch-Dest": "document" })).to.equal(200);
    expect(await statusOf("", { ...link, "Sec-Fetch-Dest": "iframe" })).to.equal(403);
    expect(await statusOf("/state", { ...link, "Sec-Fetch-Dest": "document" })).to.equal(403);
  });

  it("accepts changes only as JSON", async () => {
    const response = await post("/clear", {}, { "Content-Type": "text/plain" });
    expect([response.status, await response.json()]).to.deep.equal([
      400,
      { message: "The request failed. The body must be application/json." },
    ]);
  });

  it("pushes to a connection, and answers 410 for one that is gone", async () => {
    const pushed = await post("/push", { connectionId: await connectionId(), text: "hello" });
    expect(await pushed.json()).to.deep.equal({ status: 200 });
    expect(await client.next()).to.equal("hello");
    const gone = await post("/push", { connectionId: "AAAAAAAAAAAAAAA=", text: "hello" });
    expect(await gone.json()).to.deep.equal({ status: 410 });
  });

  it("streams the history, and to a page that reconnects only what it has missed", async () => {
    const streamed = async (lastId: string) => {
      const { body } = await get("/events", { "Last-Event-ID": lastId });
      let text = "";
      for await (const chunk of body ?? []) {
        text += Buffer.from(chunk).toString();
        if (text.includes("event: current")) break;
      }
      return [...text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));
    };
    const all = await streamed("0");
    expect(all.length).to.be.above(3);
    expect(await streamed(String(all.at(-2)))).to.deep.equal(all.slice(-1));
  });

  it("reads the items of a table page by page, and filters them by key", async () => {
    const dynamodb = new DynamoDBClient({ endpoint: emulator.dynamodbUrl, region: "eu-west-2", credentials });
    for (let index = 10; index < 40; index += 1) {
      const Item = { id: { S: `n${index}` }, size: { N: "3" }, tags: { L: [{ S: "a" }, { NULL: true }] } };
      await dynamodb.send(new PutItemCommand({ TableName: "notes", Item }));
    }
    const first = await json("/items?table=notes");
    expect(first.items.length).to.equal(25);
    const second = await json(`/items?table=notes&after=${encodeURIComponent(first.next)}`);
    expect([second.items.length, second.next]).to.deep.equal([5, undefined]);
    const { items } = await json("/items?table=notes&filter=n11");
    expect(items).to.deep.equal([{ id: "n11", size: 3, tags: ["a", null] }]);
    expect((await get("/items?table=none")).status).to.equal(404);
    dynamodb.destroy();
  });

  it("is not served without the option", async () => {
    const other = await start({ stackDirectory: fixtureStack() });
    expect(other.inspectorUrl).to.equal(undefined);
    expect((await fetch(new URL("/_inspect", other.managementUrl))).status).to.equal(403);
    await other.stop();
  });

  it("leaves its path to a stage with the same name", async () => {
    const stackDirectory = fixtureStack({ stage: { name: "_inspect" } });
    const other = await start({ stackDirectory, inspector: true });
    expect(other.inspectorUrl).to.equal(undefined);
    expect((await fetch(other.managementUrl)).status).to.equal(426);
    await other.stop();
  });
});
