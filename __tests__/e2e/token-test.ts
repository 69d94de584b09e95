import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "@serverless-chat/emulator";
import { type Client, type ConnectOptions, connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import {
  type Algorithm,
  AUDIENCE,
  aKey,
  confused,
  startTestIssuer,
  type TestIssuer,
  unsigned,
} from "../support/issuer.ts";
import { startChat } from "../support/running-chat.ts";
import { synthesizedChat } from "../support/synthesized.ts";

const ALGORITHMS = ["RS256", "ES256"] as const;

const seconds = (): number => Math.floor(Date.now() / 1000);

const UNAUTHORIZED = "Unexpected server response: 401";
const FORBIDDEN = "Unexpected server response: 403";

interface TokenChat extends Emulator {
  readonly issuer: TestIssuer;
}

async function startTokenChat(algorithm: Algorithm): Promise<TokenChat> {
  const issuer = await startTestIssuer(algorithm);
  const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE } as const;
  const chat = await startChat(synthesizedChat({ environment: { authentication } }));
  return {
    ...chat,
    issuer,
    async stop() {
      await chat.stop();
      await issuer.stop();
    },
  };
}

const bearing = (token: string): ConnectOptions => ({ headers: { Authorization: `Bearer ${token}` } });

/** Connects when the chat requests the keys again, which it does five seconds after the last request. */
async function opensAtLast({ url, issuer }: TokenChat): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = await connect(url, bearing(await issuer.token())).catch((fault) => fault as Error);
    if (!(client instanceof Error)) return void (await client.close());
    if (attempt === 40) throw client;
    await sleep(500);
  }
}

/* Both chats wait at the same time. */
describe("the chat with tokens of an issuer", () => {
  const chats: TokenChat[] = [];
  before(async () => {
    chats.push(...(await Promise.all(ALGORITHMS.map(startTokenChat))));
  });
  after(() => Promise.all(chats.map((chat) => chat.stop())));

  it("responds with 500 while the issuer is unavailable, and recovers", async () => {
    const recovering = chats.map(async (chat) => {
      chat.issuer.answerWith(503);
      const options = bearing(await chat.issuer.token());
      expect(await rejection(connect(chat.url, options))).to.equal("Unexpected server response: 500");
      chat.issuer.answerWith(200);
      await opensAtLast(chat);
    });
    await Promise.all(recovering);
  });

  for (const [index, algorithm] of ALGORITHMS.entries()) {
    describe(`signed by ${algorithm}`, () => {
      let chat: TokenChat;
      let issuer: TestIssuer;
      const clients: Client[] = [];
      before(() => {
        chat = chats[index] as TokenChat;
        issuer = chat.issuer;
      });
      afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

      async function open(options: ConnectOptions, query = ""): Promise<Client> {
        const client = await connect(`${chat.url}${query}`, options);
        clients.push(client);
        return client;
      }
      const refused = (options: ConnectOptions, query?: string) => rejection(open(options, query));
      const refusedToken = async (token: string | Promise<string>) => refused(bearing(await token));

      it("accepts a token in the header, in the URL, or among the subprotocols", async () => {
        const token = await issuer.token();
        const inHeader = await open(bearing(token));
        const inAddress = await open({}, `?token=${token}`);
        const inSubprotocols = await open({ subprotocols: ["chat.v1", `bearer.${token}`] });
        expect(inSubprotocols.socket.protocol).to.equal("chat.v1");
        inAddress.send({ message: "sendmessage", data: "hi" });
        expect(await inHeader.next()).to.equal("hi");
        expect(JSON.parse(await inSubprotocols.next())).to.include({ type: "message", from: "anna" });
      });

      it("returns a 401 without a token and without any detail", async () => {
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
        it(`returns a 401 for a token ${what}`, async () => {
          expect(await refusedToken(issuer.token({ claims: claims() }))).to.equal(UNAUTHORIZED);
        });
      }

      it("returns a 401 for a token of another issuer with its own keys", async () => {
        const other = await startTestIssuer(algorithm);
        expect(await refusedToken(other.token())).to.equal(UNAUTHORIZED);
        expect(await refusedToken(other.token({ claims: { iss: issuer.url } }))).to.equal(UNAUTHORIZED);
        await other.stop();
      });

      it("returns a 401 for a token signed by another key, by none, or with the public key as a secret", async () => {
        const key = { ...(await aKey(algorithm)), kid: issuer.key.kid };
        expect(await refusedToken(issuer.token({ key }))).to.equal(UNAUTHORIZED);
        expect(await refusedToken(unsigned(issuer))).to.equal(UNAUTHORIZED);
        expect(await refusedToken(confused(issuer))).to.equal(UNAUTHORIZED);
      });

      it("returns a 403 for a valid token without a subject", async () => {
        expect(await refusedToken(issuer.token({ claims: { sub: "" } }))).to.equal(FORBIDDEN);
      });
    });
  }

  // Mocha runs the tests of a suite before its inner suites, and the tests above need the first key.
  describe("after a key rotation", () => {
    it("accepts tokens signed with the new key", async () => {
      const accepting = chats.map(async (chat) => {
        await chat.issuer.rotate(chat.issuer.key.algorithm === "RS256" ? "ES256" : "RS256");
        await opensAtLast(chat);
      });
      await Promise.all(accepting);
    });
  });
});
