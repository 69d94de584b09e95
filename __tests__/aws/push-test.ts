import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { expect } from "chai";
import { pushWith } from "../../aws/push.ts";
import type { Push } from "../../chat/ports.ts";
import { type Emulator, start } from "../../emulator/start.ts";
import { connect } from "../support/client.ts";
import { fixtureStack, returning } from "../support/fixture-stack.ts";
import { rejection } from "../support/rejection.ts";

const whoAmI = returning("{ statusCode: 200, body: event.requestContext.connectionId }");

describe("aws/push", () => {
  let emulator: Emulator;
  let push: Push;
  before(async () => {
    emulator = await start({
      stackDirectory: fixtureStack({ routes: { $default: { code: whoAmI, routeResponse: true } } }),
    });
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    push = pushWith(
      new ApiGatewayManagementApiClient({ endpoint: emulator.managementUrl, region: "eu-west-2", credentials }),
    );
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

  it("says of a closed connection that it is gone", async () => {
    const client = await connect(emulator.url);
    client.send("who am I?");
    const id = await client.next();
    await client.close();

    expect(await push(id, "hello")).to.equal("gone");
  });

  it("throws at anything else", async () => {
    expect(await rejection(push("nonsense", "hello"))).to.equal("Invalid connectionId: nonsense");
  });
});
