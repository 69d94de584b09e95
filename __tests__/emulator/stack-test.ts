import { readStack } from "@serverless-chat/emulator/terraform/stack";
import { expect } from "chai";
import { deployed, environment, STACK, synthesizedChat, TABLE, WEBSITE } from "../support/synthesized.ts";

describe("the chat's stack, read by the emulator", () => {
  it("has the routes, functions and tables that were synthesized", async () => {
    const stack = await readStack(synthesizedChat());

    expect(stack.name).to.equal(STACK);
    expect(stack.stage).to.deep.include({
      name: environment.stageName,
      routeSelectionExpression: "$request.body.message",
      isDeployed: true,
      throttle: environment.throttle,
    });
    const read = stack.routes.map(({ key, integration, hasRouteResponse }) => ({
      key,
      hasRouteResponse,
      functionName: integration && "functionName" in integration && integration.functionName,
    }));
    const rows = deployed.map(({ key, entry, routeResponse = false }) => ({
      key,
      hasRouteResponse: routeResponse,
      functionName: `${STACK}-${entry}`,
    }));
    expect(read).to.have.deep.members(rows);
    expect(stack.functions.find(({ name }) => name === `${STACK}-send-message`)).to.deep.include({
      handler: "index.handler",
      timeoutSeconds: 25,
      memoryMegabytes: 256,
      logLevel: "INFO",
    });
    expect(stack.tables).to.deep.equal([
      {
        name: TABLE,
        keys: [
          { attribute: "pk", role: "HASH", type: "S" },
          { attribute: "sk", role: "RANGE", type: "S" },
        ],
        indexes: [],
        ttlAttribute: "ttl",
      },
    ]);
  });

  it("starts with a page, which it does not play, and gives the functions its origins", async () => {
    const { functions, notPlayed } = await readStack(synthesizedChat({ environment: WEBSITE }));
    const connect = functions.find(({ name }) => name === `${STACK}-connect`);
    expect(notPlayed).to.include.members(["aws_cloudfront_distribution", "aws_s3_object"]);
    expect(connect?.environment.ALLOWED_ORIGINS).to.match(
      /^https:\/\/\w+\.cloudfront\.net https:\/\/www\.example\.com$/,
    );
  });

  it("has a role for each function, with all its policies", async () => {
    const { roles, functions } = await readStack(synthesizedChat());
    const connect = functions.find(({ name }) => name === `${STACK}-connect`);
    expect(functions.map(({ roleArn }) => roles.has(roleArn))).to.deep.equal(functions.map(() => true));
    expect(roles.get(connect?.roleArn ?? "")?.policies.map(({ address }) => address)).to.deep.equal([
      "aws_iam_role_policy.connect",
    ]);
  });
});
