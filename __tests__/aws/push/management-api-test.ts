import { type Emulator, start } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import { expect } from "chai";
import sinon from "sinon";
import { managementOf } from "../../../aws/push/management-api.ts";
import type { Push } from "../../../chat/ports.ts";
import { NOON } from "../../support/builders.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const whoAmI = returning("{ statusCode: 200, body: event.requestContext.connectionId }");

const stage = {
  region: "eu-west-2",
  credentials: localCredentials,
};

describe("aws/push/management-api", () => {
  describe("to the emulator, which verifies signatures", () => {
    let emulator: Emulator;
    let push: Push;
    before(async () => {
      emulator = await start({
        stackDirectory: fixtureStack({ routes: { $default: { code: whoAmI, routeResponse: true } } }),
      });
      push = managementOf({ ...stage, endpoint: emulator.managementUrl }).push;
    });
    after(() => emulator.stop());

    it("delivers a frame to an open connection", async () => {
      const client = await connect(emulator.url);
      client.send("who am I?");
      const id = await client.next();

      expect(await push(id, "héllo")).to.equal("delivered");
      expect(await client.next()).to.equal("héllo");
      await client.close();
    });

    it("closes an open connection, and reports it as gone, like a closed one", async () => {
      const { close } = managementOf({ ...stage, endpoint: emulator.managementUrl });
      const client = await connect(emulator.url);
      client.send("who am I?");
      const id = await client.next();
      expect(await close(id)).to.equal("gone");
      expect((await client.closed).code).to.equal(1000);
      expect(await close(id)).to.equal("gone");
    });

    it("reports whether a connection is open, without sending anything", async () => {
      const { probe } = managementOf({ ...stage, endpoint: emulator.managementUrl });
      const client = await connect(emulator.url);
      client.send("who am I?");
      const id = await client.next();
      expect(await probe(id)).to.equal("open");
      await client.close();
      expect(await probe(id)).to.equal("gone");
      expect(await probe("nonsense")).to.deep.equal({ failed: "BadRequestException" });
    });

    it("reports a closed connection as gone", async () => {
      const client = await connect(emulator.url);
      client.send("who am I?");
      const id = await client.next();
      await client.close();

      expect(await push(id, "hello")).to.equal("gone");
    });

    it("names the failure", async () => {
      expect(await push("nonsense", "hello")).to.deep.equal({ failed: "BadRequestException" });
      const stranger = () => ({ accessKeyId: "stranger", secretAccessKey: "local" });
      const other = managementOf({ ...stage, endpoint: emulator.managementUrl, credentials: stranger }).push;
      expect(await other("nonsense", "hello")).to.have.property("failed");
    });
  });

  describe("to any server", () => {
    let server: TestServer;
    beforeEach(async () => {
      server = await startTestServer();
    });
    afterEach(() => server.stop());

    it("has an outcome for each status", async () => {
      const push = managementOf({ ...stage, endpoint: server.url }).push;
      for (const [status, outcome] of [
        [200, "delivered"],
        [410, "gone"],
        [429, "throttled"],
        [500, { failed: "500" }],
        [413, { failed: "413" }],
      ] as const) {
        server.respond = (_, response) => response.writeHead(status).end();
        expect(await push("A=", "hi")).to.deep.equal(outcome);
      }
    });

    it("names the reason if there is no response", async () => {
      const push = managementOf({ ...stage, endpoint: server.url }).push;
      server.respond = ({ socket }) => socket.destroy();
      expect(await push("A=", "hi")).to.deep.equal({ failed: "UND_ERR_SOCKET" });
      await server.stop();
      expect(await push("A=", "hi")).to.deep.equal({ failed: "ECONNREFUSED" });
    });

    it("encodes the connection id in the path, below the stage (MG-03)", async () => {
      let path: string | undefined;
      server.respond = ({ url }, response) => {
        path = url;
        response.end();
      };
      await managementOf({ ...stage, endpoint: `${server.url}/dev` }).push("a+b/c=", "hi");
      expect(path).to.equal("/dev/@connections/a%2Bb%2Fc%3D");
    });

    it("uses renewed credentials in the next second", async () => {
      const clock = sinon.useFakeTimers({ now: NOON, toFake: ["Date"] });
      const signed: (string | undefined)[] = [];
      server.respond = ({ headers }, response) => {
        signed.push(headers.authorization?.match(/Credential=(\w+)/)?.[1], String(headers["x-amz-security-token"]));
        response.end();
      };
      let renewals = 0;
      const credentials = () => {
        renewals += 1;
        return { accessKeyId: `key${renewals}`, secretAccessKey: "secret", sessionToken: `token${renewals}` };
      };
      const { push } = managementOf({ ...stage, endpoint: server.url, credentials });
      await push("A=", "hi");
      clock.tick(1_000);
      await push("A=", "hi");
      clock.restore();
      expect(signed).to.deep.equal(["key1", "token1", "key2", "token2"]);
    });

    it("keeps its connections alive", async () => {
      const push = managementOf({ ...stage, endpoint: server.url }).push;
      for (let pushes = 0; pushes < 20; pushes += 1) await push("A=", "hi");
      // The pool may open a second one before it hears that the first is free.
      expect(server.connections).to.be.at.most(2);
    });
  });
});
