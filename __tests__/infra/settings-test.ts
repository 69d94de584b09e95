import { expect } from "chai";
import { environments, PROJECT, STATE_BUCKET } from "../../infra/environments.ts";
import { checkSettings, type Environment, type Settings } from "../../infra/settings.ts";
import { ENABLED } from "../support/chatops/enabled.ts";
import { EVERYTHING, environment } from "../support/synthesized.ts";

const check = (own: object, settings: Partial<Settings> = {}) =>
  checkSettings({
    project: PROJECT,
    environments: [{ ...environment, ...own } as Environment],
    stateBucket: undefined,
    ...settings,
  });

const refusalOf = (own: object, settings: Partial<Settings> = {}): string => {
  try {
    check(own, settings);
  } catch (fault) {
    return (fault as Error).message;
  }
  return "";
};

/** A wrong setting of an issuer's. */
const jwt = (own: object) => ({
  authentication: { kind: "jwt", issuer: "https://login.example.com/", audience: "chat-dev", ...own },
});

const { chatOps } = ENABLED;

describe("infra/settings", () => {
  it("takes the settings that are there", () => {
    expect(() => checkSettings({ project: PROJECT, environments, stateBucket: STATE_BUCKET })).not.to.throw();
  });

  it("takes every setting", () => {
    expect(refusalOf(EVERYTHING)).to.equal("");
  });

  it("takes chat-ops where authentication knows groups, and refuses it by name elsewhere", () => {
    expect(refusalOf(ENABLED)).to.equal("");
    for (const kind of ["none", "iam"]) {
      expect(refusalOf({ chatOps, authentication: { kind } })).to.include(`chatOps, and the authentication "${kind}"`);
    }
  });

  it("takes every kind of authentication", () => {
    const pool = { userPoolId: "eu-west-2_AbCdEfGhI", clientId: "4a1b2c" };
    const kinds = [
      { kind: "none" },
      { kind: "cognito" },
      { kind: "cognito", pool, closeAtTokenExpiry: true },
      { kind: "iam" },
    ];
    for (const authentication of kinds) expect(refusalOf({ authentication })).to.equal("");
    expect(refusalOf(jwt({ userClaim: "email", groupsClaim: "roles", closeAtTokenExpiry: true }))).to.equal("");
  });

  const wrong: [own: object, received: string, allowed: string][] = [
    [{ name: "Dev" }, 'name is "Dev"', "lower-case letters, digits and dashes"],
    [{ name: "bootstrap" }, 'name is "bootstrap"', 'not "bootstrap"'],
    [{ region: "London" }, 'region is "London"', "the code of an AWS region"],
    [{ region: undefined }, "region is missing", "the code of an AWS region"],
    [{ tags: { "aws:a": "b" } }, 'tags.aws:a is "b"', "names of 1 to 128 letters"],
    [{ tags: { project: "b" } }, 'tags.project is "b"', "not aws:…, project or environment"],
    [{ tags: { a: "%" } }, 'tags.a is "%"', "values of up to 256 letters"],
    [{ chatOps: { ...chatOps, services: { gitlab: {} } } }, "chatOps.services.gitlab is {}", "one of github, "],
    [{ chatOps: { ...chatOps, rotateEvery: "1 days" } }, 'chatOps.rotateEvery is "1 days"', "an interval such as"],
    [{ chatOps: { ...chatOps, confirmationMinutes: 0 } }, "confirmationMinutes is 0", "a whole number from 1 to 1440"],
    [{ chatOps: { ...chatOps, groups: { rotate: "" } } }, 'chatOps.groups.rotate is ""', "the name of a group"],
    [{ stageName: "a b" }, 'stageName is "a b"', "1 to 128 letters"],
    [{ throttle: { requestsPerSecond: 0, burst: 1 } }, "throttle.requestsPerSecond is 0", "a whole number from 1 on"],
    [{ throttle: { requestsPerSecond: 1 } }, "throttle.burst is missing", "a whole number from 1 on"],
    [{ logRetentionDays: 10 }, "logRetentionDays is 10", "one of 1, 3, 5, 7, 14"],
    [{ logLevel: "debug" }, 'logLevel is "debug"', "one of DEBUG, INFO, WARN, ERROR"],
    [{ messageRetentionDays: 0 }, "messageRetentionDays is 0", "a whole number from 1 on"],
    [{ presenceMembersMax: 1.5 }, "presenceMembersMax is 1.5", "a whole number from 0 on"],
    [{ functionMemoryMegabytes: 64 }, "functionMemoryMegabytes is 64", "a whole number from 128 to 10240"],
    [{ alarmEmail: "anna" }, 'alarmEmail is "anna"', "an e-mail address"],
    [{ tracing: "yes" }, 'tracing is "yes"', "true or false"],
    [{ domain: { name: "chat", hostedZone: "a.org" } }, 'domain.name is "chat"', "a domain name in lower case"],
    [
      { domain: { name: "a.b.com", hostedZone: "c.com" } },
      'domain.name is "a.b.com"',
      "a name in the domain's hostedZone",
    ],
    [{ authentication: undefined }, "authentication is missing", "one of none, cognito, jwt, iam"],
    [{ authentication: { kind: "sms" } }, 'authentication.kind is "sms"', "one of none, cognito, jwt, iam"],
    [
      jwt({ issuer: "http://login.example.com" }),
      'authentication.issuer is "http://login.example.com"',
      "the https address of an OpenID issuer",
    ],
    [jwt({ audience: undefined }), "authentication.audience is missing", "a text without spaces"],
    [{ authentication: { kind: "iam", closeAtTokenExpiry: true } }, "closeAtTokenExpiry is true", "the settings kind"],
    [
      { authentication: { kind: "cognito", pool: { userPoolId: "users", clientId: "a" } } },
      'authentication.pool.userPoolId is "users"',
      "the id of a user pool",
    ],
    [{ allowedOrigins: [] }, "allowedOrigins is []", "one origin at least"],
    [{ allowedOrigins: ["https://a.org/"] }, 'allowedOrigins.0 is "https://a.org/"', "origins as browsers name them"],
    [{ moderators: [] }, "moderators is []", "one group at least"],
    [
      { privateChannels: { ops: ["staff"] } },
      'privateChannels.ops is ["staff"]',
      "names of channels with a ~ before them",
    ],
    [{ messageRate: { perSecond: 5 } }, "messageRate.burst is missing", "a whole number from 1 on"],
    [{ messageRate: { perSecond: 0.5, burst: 1 } }, "messageRate.perSecond is 0.5", "a whole number from 1 to 1000"],
    [{ connectionsPerAddressMax: 0 }, "connectionsPerAddressMax is 0", "a whole number from 1 on"],
    [{ colour: "red" }, 'colour is "red"', "the settings name, region, tags"],
  ];
  for (const [own, received, allowed] of wrong) {
    it(`refuses an environment whose ${received}`, () => {
      expect(refusalOf(own)).to.include(`${received}; allowed: `).and.include(allowed);
    });
  }

  it("names the environment, the file to change, and everything that is wrong", () => {
    const refusal = refusalOf({ logLevel: "debug", burst: 1, messageRetentionDays: -1 });
    expect(refusal.split("\n")).to.have.length(4);
    expect(refusal).to.match(
      /^The environment "dev" has settings that cannot be. Change it in infra\/environments.ts./,
    );
  });

  it("refuses a setting of an earlier version, and says how to move its role", () => {
    expect(refusalOf({ apiGatewayLogsRole: true } as Partial<Environment>))
      .to.include('"dev" has the setting apiGatewayLogsRole, which no longer exists. Remove it')
      .and.to.include("docs/deploy.md#move-the-log-role-to-the-bootstrap-stack");
  });

  it("refuses a project's name that no name in AWS can begin with", () => {
    expect(refusalOf({}, { project: "Team Chat" })).to.include('PROJECT is "Team Chat"; allowed: lower-case letters');
  });

  it("refuses two environments of one name", () => {
    expect(refusalOf({}, { environments: [environment, environment] })).to.include(
      'Two environments have the name "dev"',
    );
  });

  it("refuses two environments that take the same tokens", () => {
    const [dev, prod] = ["dev", "prod"].map((name) => ({ ...environment, ...jwt({}), name }) as Environment);
    expect(refusalOf({}, { environments: [dev, prod] as Environment[] })).to.include(
      'The environments "dev" and "prod" take the same tokens: those of https://login.example.com/ for chat-dev.',
    );
    const other = { ...environment, ...jwt({ audience: "chat-prod" }), name: "prod" } as Environment;
    expect(refusalOf({}, { environments: [dev, other] as Environment[] })).to.equal("");
  });

  it("refuses settings by groups and users where there are none", () => {
    for (const [own, what] of [
      [{ moderators: ["staff"] }, "moderators, but nobody has groups by none"],
      [{ channelMakers: ["staff"], authentication: { kind: "iam" } }, "channelMakers, but nobody has groups by iam"],
      [{ privateChannels: { "~ops": ["staff"] } }, "privateChannels, but nobody has groups by none"],
      [{ connectionsPerUserMax: 3 }, "connectionsPerUserMax, but nobody knows its users"],
    ] as const) {
      expect(refusalOf(own)).to.equal(`The environment "dev" has ${what}. Change it in infra/environments.ts.`);
    }
  });

  it("refuses a remote state without a bucket for it", () => {
    expect(refusalOf({ remoteState: true })).to.include('"dev" has remoteState, but STATE_BUCKET is undefined.');
  });

  it("refuses a bucket's name that S3 refuses", () => {
    const stateBucket = { name: "Chat_State", region: "eu-west-2" };
    expect(refusalOf({}, { stateBucket })).to.include('name is "Chat_State"; allowed: 3 to 63 lower-case letters');
  });
});
