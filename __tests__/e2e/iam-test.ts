import { expect } from "chai";
import { developer } from "../../emulator/iam/principal.ts";
import { type Emulator, start } from "../../emulator/start.ts";
import { aws4Signed, type Signing } from "../support/aws4-signed.ts";
import { type Client, connect } from "../support/client.ts";
import { ACCOUNT_ID } from "../support/principals.ts";
import { rejection } from "../support/rejection.ts";
import { synthesizedChat } from "../support/synthesized.ts";

const { credentials, arn } = developer(ACCOUNT_ID);

describe("the chat, where signatures open it", () => {
  let chat: Emulator;
  let address: URL;
  const clients: Client[] = [];
  before(async () => {
    chat = await start({ stackDirectory: synthesizedChat({ environment: { authentication: { kind: "iam" } } }) });
    address = new URL(chat.url);
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  /** An address that is signed, as browsers must; good for a minute. */
  function presigned({ expires = 60, secret = credentials.secretAccessKey, ...own }: Own = {}): string {
    const path = `${address.pathname}?X-Amz-Expires=${expires}`;
    const signing = { region: chat.stack.region, host: address.host, signQuery: true, ...own, path };
    return `ws://${address.host}${aws4Signed({ ...credentials, secretAccessKey: secret }, signing).path}`;
  }
  interface Own extends Signing {
    readonly expires?: number;
    readonly secret?: string;
  }

  async function open(url: string, headers: Record<string, string> = {}): Promise<Client> {
    const client = await connect(url, { headers, subprotocols: ["chat.v1"] });
    clients.push(client);
    return client;
  }
  const FORBIDDEN = "Unexpected server response: 403";

  it("opens to a presigned address, and calls the user what the signature says", async () => {
    const client = await open(presigned());
    client.send({ message: "members" });
    expect(JSON.parse(await client.next())).to.deep.include({ type: "members", members: [arn] });
  });

  it("opens to signed headers", async () => {
    const signing = { region: chat.stack.region, host: address.host, path: address.pathname };
    const { headers } = aws4Signed(credentials, signing);
    await open(chat.url, headers as Record<string, string>);
  });

  it("is a 403 unsigned", async () => {
    expect(await rejection(open(chat.url))).to.equal(FORBIDDEN);
  });

  it("is a 403 at an address whose time is over", async () => {
    expect(await rejection(open(presigned({ now: Date.now() - 61_000 })))).to.equal(FORBIDDEN);
  });

  it("is a 403 at an address that was signed wrongly, changed, or by nobody we know", async () => {
    expect(await rejection(open(presigned({ secret: "guessed" })))).to.equal(FORBIDDEN);
    expect(await rejection(open(`${presigned()}&more=1`))).to.equal(FORBIDDEN);
    expect(await rejection(open(presigned({ service: "dynamodb" })))).to.equal(FORBIDDEN);
    const stranger = presigned().replace("Credential=local", "Credential=stranger");
    expect(await rejection(open(stranger))).to.equal(FORBIDDEN);
  });
});
