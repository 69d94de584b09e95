import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { bundle } from "../../infra/bundle.ts";
import { secretName } from "../../infra/names.ts";
import { type ChatOps, startChatOps } from "../support/chatops/running.ts";
import { bundles, environment } from "../support/synthesized.ts";

const UNAUTHORIZED = { folder: "__tests__/fixtures/unauthorized-requests", entries: ["chat-ops"] };

describe("the permissions of a service's function", () => {
  let ops: ChatOps;
  let client: Client;
  before(async () => {
    ops = await startChatOps({ bundles: new Map([...bundles(), ...bundle(UNAUTHORIZED, temporaryDirectory())]) });
    client = await connect(ops.chat.url, { headers: { Authorization: `Bearer ${await ops.tokenFor("anna")}` } });
    for (const service of ["github", "jenkins"]) await ops.set(service, { token: service });
  });
  after(async () => {
    await client.close();
    await ops.stop();
  });

  const github = async (action: string, of: string): Promise<string> => {
    client.send({ message: "github", data: { action, of } });
    return client.next();
  };

  it("allow it to read its own secret, and no other", async () => {
    expect(await github("read secret", secretName(environment, "github"))).to.equal("done");
    expect(await github("read secret", secretName(environment, "jenkins"))).to.equal("AccessDeniedException");
  });

  it("allow it to add to its own audit trail, and to no other", async () => {
    expect(await github("add", "github")).to.equal("done");
    expect(await github("add", "jenkins")).to.equal("AccessDeniedException");
  });

  for (const action of ["read", "list", "change", "remove"]) {
    it(`do not allow it to ${action} a line of the audit trail, not even of its own`, async () => {
      expect(await github(action, "github")).to.equal("AccessDeniedException");
    });
  }
});
