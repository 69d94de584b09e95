import { expect } from "chai";
import { gatewayPhrase, routePhrase } from "../src/change-phrases.ts";
import { textOf } from "./support/phrases.ts";
import { aReview, type Planned } from "./support/plans.ts";

const lambda = (name: string) => ({
  before: { function_name: name, arn: `arn:aws:lambda:eu-west-2:1:function:${name}`, invoke_arn: `arn:invoke:${name}` },
});

const route = (own: object = {}) => ({
  id: "r1",
  route_key: "$connect",
  target: "integrations/i1",
  authorization_type: "NONE",
  ...own,
});

/** `$connect`, which leads to a function, beside another function and two authorizers. */
const PARTS: Readonly<Record<string, Planned>> = {
  "aws_lambda_function.connect": lambda("chat-dev-connect"),
  "aws_lambda_function.other": lambda("chat-dev-other"),
  "aws_apigatewayv2_integration.connect": { before: { id: "i1", integration_uri: "arn:invoke:chat-dev-connect" } },
  "aws_apigatewayv2_authorizer.tokens": { before: { id: "a1", name: "tokens" } },
  "aws_apigatewayv2_authorizer.people": { before: { id: "a2", name: "people" } },
  "aws_apigatewayv2_route.connect": { before: route() },
};

const reported = (changes: Readonly<Record<string, Planned>>): string[] => {
  const { routes, gatewayLosses, call } = aReview({ ...PARTS, ...changes });
  return [...gatewayLosses.map(gatewayPhrase), ...routes.map((change) => routePhrase(change, call))].map(textOf);
};

describe("routes", () => {
  it("ignores unchanged routes", () => {
    expect(reported({})).to.deep.equal([]);
  });

  it("reports a new route with its function and authorization type", () => {
    const address = "aws_apigatewayv2_route.connect";
    expect(reported({ [address]: { before: null, after: route() } })).to.deep.equal([
      "`$connect` is added; it leads to function `chat-dev-connect`, with the authorization type `NONE`.",
    ]);
    expect(reported({ [address]: { before: route(), after: null } })).to.deep.equal([
      "`$connect` is removed; it led to function `chat-dev-connect`.",
    ]);
  });

  it("reports a changed key as a removed and an added route", () => {
    const change = { before: route({ route_key: "type" }), after: route({ route_key: "typing" }) };
    expect(reported({ "aws_apigatewayv2_route.connect": change })).to.deep.equal([
      "`type` is removed; it led to function `chat-dev-connect`.",
      "`typing` is added; it leads to function `chat-dev-connect`.",
    ]);
  });

  it("reports the new function of a route, whichever resource changes it", () => {
    const before = { id: "i1", integration_uri: "arn:invoke:chat-dev-connect" };
    const change = { before, after: { ...before, integration_uri: "arn:invoke:chat-dev-other" } };
    expect(reported({ "aws_apigatewayv2_integration.connect": change })).to.deep.equal([
      "`$connect` is changed: it leads to function `chat-dev-other` instead of function `chat-dev-connect`.",
    ]);
  });

  it("reports a changed authorizer", () => {
    const change = { before: route({ authorizer_id: "a1" }), after: route({ authorizer_id: "a2" }) };
    expect(reported({ "aws_apigatewayv2_route.connect": change })).to.deep.equal([
      "`$connect` is changed: it is authorized by authorizer `people` instead of authorizer `tokens`.",
    ]);
  });

  it("reports the changed function of an authorizer", () => {
    const authorizer = (name: string) => ({ id: "a1", name: "tokens", authorizer_uri: `arn:invoke:${name}` });
    const { before } = lambda("chat-dev-connect");
    expect(
      reported({
        "aws_apigatewayv2_route.connect": { before: route({ authorizer_id: "a1" }) },
        "aws_apigatewayv2_authorizer.tokens": {
          before: authorizer("chat-dev-connect"),
          after: authorizer("chat-dev-other"),
        },
        "aws_lambda_function.connect": { before },
      }),
    ).to.deep.equal([
      "`$connect` is changed: its authorizer leads to function `chat-dev-other` instead of function `chat-dev-connect`.",
    ]);
  });

  it("keeps a route that Terraform forgets, and reports an API that it replaces and forgets", () => {
    const api = { id: "x1", name: "chat" };
    expect(
      reported({ "aws_apigatewayv2_route.connect": { before: route(), after: null, actions: ["forget"] } }),
    ).to.deep.equal([]);
    expect(
      reported({ "aws_apigatewayv2_api.api": { before: api, after: { name: "chat" }, actions: ["create", "forget"] } }),
    ).to.deep.equal(["*API `chat` is replaced by a new one with another URL. The old one stays in AWS, unmanaged.*"]);
  });

  it("reports changes of a route's integration and responses", () => {
    const before = { id: "i1", integration_uri: "arn:invoke:chat-dev-connect", timeout_milliseconds: 29_000 };
    const change = { before, after: { ...before, timeout_milliseconds: 5000 } };
    expect(reported({ "aws_apigatewayv2_integration.connect": change })).to.deep.equal([
      "`$connect` is changed: `integration.timeout_milliseconds` `29000` → `5000`.",
    ]);
  });

  it("emphasizes the deletion of an API, stage or domain", () => {
    const before = { name: "dev" };
    const replaced = { before, after: before, actions: ["delete", "create"] };
    expect(reported({ "aws_apigatewayv2_stage.stage": replaced })).to.deep.equal([
      "*Stage `dev` is replaced: its connections are closed, and its URL stops working.*",
    ]);
  });
});
