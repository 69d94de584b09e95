import { type Emulator, start } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import aws4 from "aws4";
import { expect } from "chai";
import { synthesizedChat } from "../support/synthesized.ts";

const credentials = localCredentials();

describe("the chat with IAM authentication", () => {
  let chat: Emulator;
  let address: URL;
  const clients: Client[] = [];
  before(async () => {
    chat = await start({ stackDirectory: synthesizedChat({ environment: { authentication: { kind: "iam" } } }) });
    address = new URL(chat.url);
  });
  after(() => chat.stop());
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  interface Signing {
    readonly secret?: string;
    readonly service?: string;
    /** Epoch milliseconds. */
    readonly now?: number;
  }

  const sign = (request: aws4.Request, { secret = credentials.secretAccessKey, service = "execute-api" }: Signing) =>
    aws4.sign(
      { method: "GET", host: address.host, region: chat.stack.region, service, ...request },
      { ...credentials, secretAccessKey: secret },
    );

  /** An address with a signature in the query string, as browsers need it. It is valid for a minute. */
  function presigned(signing: Signing = {}): string {
    const date = new Date(signing.now ?? Date.now()).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
    const path = `${address.pathname}?X-Amz-Expires=60&X-Amz-Date=${date}`;
    return `ws://${address.host}${sign({ path, signQuery: true }, signing).path}`;
  }

  async function open(url: string, headers: Record<string, string> = {}): Promise<Client> {
    const client = await connect(url, { headers, subprotocols: ["chat.v1"] });
    clients.push(client);
    return client;
  }
  const FORBIDDEN = "Unexpected server response: 403";

  it("accepts a presigned URL, and takes the user name from the signature", async () => {
    const client = await open(presigned());
    client.send({ message: "members" });
    expect(JSON.parse(await client.next())).to.deep.include({
      type: "members",
      members: ["arn:aws:iam::000000000000:user/local"],
    });
  });

  it("accepts signed headers", async () => {
    const { headers } = sign({ path: address.pathname }, {});
    await open(chat.url, headers as Record<string, string>);
  });

  it("rejects an unsigned handshake with a 403", async () => {
    expect(await rejection(open(chat.url))).to.equal(FORBIDDEN);
  });

  it("rejects an expired URL with a 403", async () => {
    expect(await rejection(open(presigned({ now: Date.now() - 61_000 })))).to.equal(FORBIDDEN);
  });

  it("rejects a URL with a wrong signature, a change or an unknown access key with a 403", async () => {
    expect(await rejection(open(presigned({ secret: "guessed" })))).to.equal(FORBIDDEN);
    expect(await rejection(open(`${presigned()}&more=1`))).to.equal(FORBIDDEN);
    expect(await rejection(open(presigned({ service: "dynamodb" })))).to.equal(FORBIDDEN);
    const stranger = presigned().replace("Credential=local", "Credential=stranger");
    expect(await rejection(open(stranger))).to.equal(FORBIDDEN);
  });
});
