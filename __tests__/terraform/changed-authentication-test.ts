import { expect } from "chai";
import { type ChangingEnvironment, changingEnvironment } from "../support/changing-environment.ts";
import { ENABLED } from "../support/environments.ts";
import { protectedRoutes } from "../support/moto/account-setup.ts";
import { ISSUER, MODERATED } from "../support/synthesized.ts";

const chatOps = (own: object = {}) => ({ ...ENABLED.chatOps, services: { github: {} }, ...own });

/** The settings for each kind of authentication, in the order of a path through all changes. */
const PATH: readonly (readonly [kind: string, settings: Readonly<Record<string, unknown>>])[] = [
  ["none", {}],
  ["jwt", { ...MODERATED, chatOps: chatOps({ ownKmsKey: true }) }],
  ["none", {}],
  ["cognito", { chatOps: chatOps() }],
  ["jwt", { chatOps: chatOps({ ownKmsKey: true, rotateEvery: "7 days" }), closeAtTokenExpiry: true }],
  ["cognito", { chatOps: chatOps() }],
  ["iam", { connectionsPerUserMax: 3 }],
  ["cognito", { pool: { userPoolId: "eu-west-2_AbCdEfGhI", clientId: "abc" } }],
  ["none", {}],
  ["iam", {}],
  ["jwt", {}],
  ["iam", {}],
  ["none", {}],
];

/** How each kind protects `$connect`. No kind protects another route. */
const TYPES: Readonly<Record<string, string | undefined>> = {
  none: undefined,
  jwt: "CUSTOM",
  cognito: "CUSTOM",
  iam: "AWS_IAM",
};

const KINDS = Object.keys(TYPES);

describe("changing the authentication of a deployed environment", () => {
  let environment: ChangingEnvironment;

  before(async () => {
    environment = await changingEnvironment("888888888888");
  });
  after(() => environment.stop());

  it("covers every change from one kind to another", () => {
    const taken = PATH.slice(1).map(([kind], index) => `${PATH[index]?.[0]} to ${kind}`);
    const all = KINDS.flatMap((from) => KINDS.filter((to) => to !== from).map((to) => `${from} to ${to}`));
    expect(new Set(taken)).to.deep.equal(new Set(all));
  });

  for (const [index, [kind, { closeAtTokenExpiry, pool, ...more }]] of PATH.entries()) {
    const authentication = { kind, ...(kind === "jwt" && ISSUER), closeAtTokenExpiry, pool };
    const from = index === 0 ? "no deployment" : PATH[index - 1]?.[0];
    it(`changes from ${from} to ${kind}, has an empty plan afterwards, and protects only $connect`, async () => {
      await environment.apply({ authentication, ...more });
      const type = TYPES[kind];
      expect(await protectedRoutes(environment.awsUrl)).to.deep.equal(type === undefined ? [] : [["$connect", type]]);
    });
  }

  it("leaves no resources after it is destroyed", () => environment.destroy());
});
