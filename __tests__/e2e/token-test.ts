import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Emulator } from "../../emulator/start.ts";
import { type Client, type ConnectOptions, connect } from "../support/client.ts";
import { AUDIENCE, aKey, confused, startTestIssuer, type TestIssuer, unsigned } from "../support/issuer.ts";
import { rejection } from "../support/rejection.ts";
import { startChat } from "../support/running-chat.ts";
import { synthesizedChat } from "../support/synthesized.ts";

const seconds = (): number => Math.floor(Date.now() / 1000);

describe("the chat, where tokens of an issuer open it", () => {
  let issuer: TestIssuer;
  let chat: Emulator;
  const clients: Client[] = [];
  before(async () => {
    issuer = await startTestIssuer();
    const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE, closeAtTokenExpiry: true } as const;
    const allowedOrigins = ["https://chat.example.com"];
    chat = await startChat(synthesizedChat({ environment: { authentication, allowedOrigins } }));
  });
  after(async () => {
    await chat.stop();
    await issuer.stop();
  });
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  async function open(options: ConnectOptions, query = ""): Promise<Client> {
    const client = await connect(`${chat.url}${query}`, options);
    clients.push(client);
    return client;
  }
  const bearing = (token: string): ConnectOptions => ({ headers: { Authorization: `Bearer ${token}` } });
  const refused = (options: ConnectOptions, query?: string) => rejection(open(options, query));
  const refusedToken = async (token: string | Promise<string>) => refused(bearing(await token));
  const UNAUTHORIZED = "Unexpected server response: 401";
  const FORBIDDEN = "Unexpected server response: 403";

  /** Somebody who hears everything as JSON. */
  const enter = async (sub: string, claims: object = {}): Promise<Client> =>
    open({ ...bearing(await issuer.token({ claims: { sub, ...claims } })), subprotocols: ["chat.v1"] });
  /** The frames of a type that came before an echo. */
  const heard = async (client: Client, type: string) =>
    (await client.untilEcho()).map((text) => JSON.parse(text)).filter((frame) => frame.type === type);

  /** The next frame like this; what comes before it is passed over. */
  async function frameOf(client: Client, like: object): Promise<Record<string, unknown>> {
    for (;;) {
      const frame = JSON.parse(await client.next());
      if (Object.entries(like).every(([name, value]) => frame[name] === value)) return frame;
    }
  }

  /** An issuer that failed, or has a new key, is asked anew after five seconds. */
  async function opensAtLast(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const token = await issuer.token();
      const client = await connect(chat.url, bearing(token)).catch((fault) => fault as Error);
      if (!(client instanceof Error)) return void (await client.close());
      if (attempt === 40) throw client;
      await sleep(500);
    }
  }

  it("is a 500 while the issuer gives no keys, and opens when it does again", async () => {
    issuer.answerWith(503);
    expect(await refusedToken(issuer.token())).to.equal("Unexpected server response: 500");
    issuer.answerWith(200);
    await opensAtLast();
  });

  it("opens to a token in the header, in the address, or among the subprotocols", async () => {
    const token = await issuer.token();
    const inHeader = await open(bearing(token));
    const inAddress = await open({}, `?token=${token}`);
    const inSubprotocols = await open({ subprotocols: ["chat.v1", `bearer.${token}`] });
    expect(inSubprotocols.socket.protocol).to.equal("chat.v1");
    inAddress.send({ message: "sendmessage", data: "hi" });
    expect(await inHeader.next()).to.equal("hi");
    expect(JSON.parse(await inSubprotocols.next())).to.include({ type: "message", from: "anna" });
  });

  it("is a 401 without a token, and says nothing else", async () => {
    expect(await refused({})).to.equal(UNAUTHORIZED);
    expect(await refused({ subprotocols: ["chat.v1"] })).to.equal(UNAUTHORIZED);
    expect(await refused({ headers: { Authorization: "Basic YW5uYTphbm5h" } })).to.equal(UNAUTHORIZED);
  });

  for (const [what, claims] of [
    ["that has expired", () => ({ exp: seconds() - 60 })],
    ["that is not valid yet", () => ({ nbf: seconds() + 60 })],
    ["of another environment", () => ({ aud: "chat-prod" })],
    ["that names another issuer", () => ({ iss: "https://elsewhere.example.com" })],
  ] as const) {
    it(`is a 401 with a token ${what}`, async () => {
      expect(await refusedToken(issuer.token({ claims: claims() }))).to.equal(UNAUTHORIZED);
    });
  }

  it("is a 401 with a token of another issuer, whose keys are its own", async () => {
    const other = await startTestIssuer();
    expect(await refusedToken(other.token())).to.equal(UNAUTHORIZED);
    expect(await refusedToken(other.token({ claims: { iss: issuer.url } }))).to.equal(UNAUTHORIZED);
    await other.stop();
  });

  it("is a 401 with a token that another key has signed, or none, or the public one as a secret", async () => {
    const key = { ...(await aKey("RS256")), kid: issuer.key.kid };
    expect(await refusedToken(issuer.token({ key }))).to.equal(UNAUTHORIZED);
    expect(await refusedToken(unsigned(issuer))).to.equal(UNAUTHORIZED);
    expect(await refusedToken(confused(issuer))).to.equal(UNAUTHORIZED);
  });

  it("is a 403 with a good token that names nobody", async () => {
    expect(await refusedToken(issuer.token({ claims: { sub: "" } }))).to.equal(FORBIDDEN);
  });

  it("is a 403 to a browser on a page from elsewhere, though its token is good", async () => {
    const options = bearing(await issuer.token());
    for (const origin of ["https://evil.example.com", "https://chat.example.com.evil.com", "null"]) {
      expect(await refused({ ...options, origin }), origin).to.equal(FORBIDDEN);
    }
    await open({ ...options, origin: "https://chat.example.com" });
  });

  it("opens to a key that the issuer signs with from now on", async () => {
    await issuer.rotate("ES256");
    await opensAtLast();
  });

  it("has the token's user speak, whatever a client says of itself", async () => {
    const [anna, ben] = [await enter("anna"), await enter("ben")];
    anna.send({ message: "name", data: "ben", id: "n" });
    expect(await frameOf(anna, { type: "error" })).to.include({ code: "fixed-name" });
    anna.send({ message: "sendmessage", data: "hi", from: "ben", user: "ben" });
    expect(await frameOf(ben, { type: "message" })).to.include({ from: "anna" });
  });

  it("is one presence to the others, however often a user is connected", async () => {
    const ben = await enter("ben");
    const phone = await enter("clara");
    expect(await heard(ben, "joined")).to.deep.equal([{ type: "joined", channel: "lobby", user: "clara" }]);
    const laptop = await enter("clara");
    expect(await heard(ben, "joined")).to.deep.equal([]);
    ben.send({ message: "members" });
    expect(await frameOf(ben, { type: "members" }))
      .to.have.property("members")
      .with.members(["ben", "clara"]);
    await phone.close();
    await laptop.close();
    expect(await frameOf(ben, { type: "left", user: "clara" })).to.deep.include({ channel: "lobby" });
  });

  it("brings a direct message to each connection of its user", async () => {
    const ben = await enter("ben");
    const [phone, laptop] = [await enter("dora"), await enter("dora")];
    ben.send({ message: "direct", to: "dora", data: "psst" });
    for (const client of [phone, laptop]) {
      expect(await frameOf(client, { type: "direct" })).to.include({ from: "ben", data: "psst" });
    }
  });

  it("closes a connection whose token has ended, at the next frame to it or of it", async () => {
    const soon = { exp: seconds() + 2 };
    const heardBySilent: string[] = [];
    const [silent, talking, ben] = [await enter("eve", soon), await enter("finn", soon), await enter("ben")];
    silent.socket.on("message", (data) => heardBySilent.push(String(data)));
    await sleep(soon.exp * 1000 - Date.now() + 1);
    ben.send({ message: "sendmessage", data: "is eve there?" });
    expect((await silent.closed).code).to.equal(1000);
    talking.send({ message: "history" });
    expect((await talking.closed).code).to.equal(1000);
    expect(heardBySilent.join()).not.to.include("is eve there?");
  });
});
