import "../support/function-environment.ts";
import { expect } from "chai";
import sinon from "sinon";
import { authenticate } from "../../authentication/authenticate.ts";
import { issuerKeys } from "../../authentication/issuer-keys.ts";
import { metrics } from "../../aws/metrics.ts";
import { authorizerLambda } from "../../handlers/runtime/authorizer-lambda.ts";
import { aContext, anEvent } from "../support/builders.ts";
import { attempt, type Fault, type FaultyRun, type Run, WAYS } from "../support/faults/ports.ts";
import { FaultTable } from "../support/faults/table.ts";
import { AUDIENCE, aKey, confused, startTestIssuer, type TestIssuer, unsigned } from "../support/issuer.ts";
import { expectNone } from "../support/storm/storm.ts";

const methodArn = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3/dev/$connect";

/** Longer than the time between two requests to an issuer that fails. */
const COOLDOWN_MILLISECONDS = 6_000;

type Fetch = typeof globalThis.fetch;

/** A response of the issuer whose body ends with an error. */
const brokenOff = (): Response =>
  new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError("terminated")) }));

/** One execution environment of the authorizer, which caches keys between handshakes. */
class Environment {
  #faulty: FaultyRun = { run: { calls: [], isDead: false } };
  readonly #invoke: ReturnType<typeof authorizerLambda>;

  constructor({ url }: TestIssuer) {
    const faultyFetch = (async (to: string, options: RequestInit) => {
      const name = to.endsWith("/openid-configuration") ? "GET configuration" : "GET keys";
      const failed = () => Promise.reject(new TypeError("fetch failed"));
      return attempt(this.#faulty, { name, call: () => fetch(to, options), failed, lost: brokenOff });
    }) as Fetch;
    const claims = { userClaim: "sub", groupsClaim: "groups", closeAtExpiry: false } as const;
    const rules = () => ({ ...claims, kind: "jwt" as const, issuer: url, audience: AUDIENCE });
    const now = () => Date.now();
    const keys = issuerKeys({ issuer: () => url, fetch: faultyFetch, now });
    this.#invoke = authorizerLambda(authenticate, { rules, keys, now });
  }

  /** Runs the authorizer. The verdict is the accepted user with its groups, `refused`, or `fault`. */
  async authorize(token: string, fault?: Fault): Promise<Run & { readonly verdict: string }> {
    const run: Run = { calls: [], isDead: false };
    this.#faulty = { run, fault };
    const event = { ...anEvent({ routeKey: "$connect" }), methodArn, queryStringParameters: { token } };
    const verdict = await this.#invoke(event, aContext()).then(
      ({ policyDocument, context }) =>
        JSON.stringify(policyDocument).includes('"Allow"') ? `${context?.user} of ${context?.groups}` : "refused",
      ({ message }) => (message === "Unauthorized" ? "refused" : "fault"),
    );
    return { ...run, verdict };
  }
}

/** Tokens with a description and the expected verdict. */
async function tokensOf(
  issuer: TestIssuer,
): Promise<readonly (readonly [name: string, token: string, right: string])[]> {
  const other = await aKey("ES256");
  return [
    ["anna's", await issuer.token({ claims: { groups: ["staff"] } }), 'anna of ["staff"]'],
    ["ben's", await issuer.token({ claims: { sub: "ben", groups: [] } }), "ben of []"],
    ["an expired one", await issuer.token({ claims: { exp: Math.floor(Date.now() / 1000) - 60 } }), "refused"],
    ["one for another audience", await issuer.token({ claims: { aud: "other" } }), "refused"],
    ["one of another issuer", await issuer.token({ claims: { iss: "http://elsewhere" } }), "refused"],
    ["one of another key", await issuer.token({ key: other }), "refused"],
    ["one of another key with the same id", await issuer.token({ key: { ...other, kid: issuer.key.kid } }), "refused"],
    ["one without a user", await issuer.token({ claims: { sub: "" } }), "refused"],
    ["an unsigned one", await unsigned(issuer), "refused"],
    ["one signed with the public key", await confused(issuer), "refused"],
  ];
}

describe("the authorizer, with a fault in any call", () => {
  let issuer: TestIssuer;
  beforeEach(async () => {
    sinon.stub(console, "info");
    sinon.stub(console, "error");
    sinon.stub(metrics);
    issuer = await startTestIssuer("ES256");
  });
  afterEach(async () => {
    sinon.restore();
    await issuer.stop();
  });

  it("accepts only valid tokens, distinguishes faults from refusals, and works at the next attempt", async () => {
    const table = new FaultTable([]);
    const tokens = await tokensOf(issuer);
    const { calls } = await new Environment(issuer).authorize(tokens[0]?.[1] ?? "");
    expect(calls).to.deep.equal(["GET configuration", "GET keys"]);
    for (const [at, call] of calls.entries()) {
      for (const way of WAYS) {
        for (const [name, token, right] of tokens) {
          const wrong = await play({ token, right, fault: { at, way } });
          table.add({ route: "authorize", call, way, nextAction: `repeats ${name}` }, wrong);
        }
      }
    }
    process.stdout.write(table.text());
    expectNone(
      table.breaches.map(({ call, way, nextAction, sentence }) => `${call} (${way}), ${nextAction}: ${sentence}`),
    );
  });

  /** A handshake with a fault, one right afterwards, and one later: in the same environment, or in a new one if it died. */
  async function play({ token, right, fault }: { token: string; right: string; fault: Fault }): Promise<string[]> {
    const clock = sinon.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    const environment = new Environment(issuer);
    const first = await environment.authorize(token, fault);
    const next = first.isDead ? new Environment(issuer) : environment;
    const retried = await next.authorize(token);
    clock.tick(COOLDOWN_MILLISECONDS);
    const later = await next.authorize(token);
    clock.restore();
    const isWrong = ({ verdict }: { readonly verdict: string }) => verdict !== right && verdict !== "fault";
    const isReached = first.calls.length > fault.at;
    return [
      ...[first, retried].filter(isWrong).map(({ verdict }) => `got ${verdict}, expected ${right} or a fault`),
      ...(isReached && first.verdict !== "fault" ? [`the fault is hidden: ${first.verdict}`] : []),
      ...(later.verdict === right ? [] : [`later got ${later.verdict}, expected ${right}`]),
    ];
  }
});
