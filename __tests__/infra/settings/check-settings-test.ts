import { expect } from "chai";
import { environments, PROJECT, STATE_BUCKET } from "../../../infra/environments.ts";
import { checkSettings } from "../../../infra/settings/check-settings.ts";
import type { Environment, Settings } from "../../../infra/settings/settings.ts";
import { ENABLED } from "../../support/environments.ts";
import { EVERYTHING, environment } from "../../support/synthesized.ts";

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

/** An issuer with one wrong setting. */
const jwt = (own: object) => ({
  authentication: { kind: "jwt", issuer: "https://login.example.com/", audience: "chat-dev", ...own },
});

const REVIEW_ARN = "arn:aws:lambda:eu-west-2:123456789012:function:review";

const { chatOps } = ENABLED;

const manyTags = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index + 1}`, "a"]));

describe("infra/settings/check-settings", () => {
  it("accepts the settings of the repository", () => {
    expect(() => checkSettings({ project: PROJECT, environments, stateBucket: STATE_BUCKET })).not.to.throw();
  });

  it("accepts every setting", () => {
    expect(refusalOf(EVERYTHING)).to.equal("");
  });

  it("accepts chat-ops if the authentication has groups, and refuses it by name otherwise", () => {
    expect(refusalOf(ENABLED)).to.equal("");
    for (const kind of ["none", "iam"]) {
      expect(refusalOf({ chatOps, authentication: { kind } })).to.include(
        `chatOps, which requires groups, and the authentication "${kind}" has no groups.`,
      );
    }
  });

  describe("a website", () => {
    const pool = { userPoolId: "eu-west-2_AbCdEfGhI", clientId: "4a1b2c" };
    const cognito = { domain: "chat.auth.eu-west-2.amazoncognito.com", clientId: "page" };
    const domain = { name: "www.example.com", hostedZone: "example.com" };

    it("is accepted with and without details", () => {
      for (const own of [
        { website: false },
        { website: true },
        { website: {} },
        { website: { domain } },
        { website: true, authentication: { kind: "cognito" } },
        { website: { cognito }, authentication: { kind: "cognito", pool } },
        { website: false, authentication: { kind: "iam" } },
      ]) {
        expect(refusalOf(own), JSON.stringify(own)).to.equal("");
      }
    });

    for (const [own, reason] of [
      [{ website: "yes" }, 'website is "yes"; allowed: true, false, or the settings domain and cognito'],
      [{ website: { domains: domain } }, "the settings domain, cognito"],
      [{ website: { domain: { ...domain, name: "www.example.org" } } }, "a name in the domain's hostedZone"],
      [{ website: true, authentication: { kind: "iam" } }, 'cannot sign users in with the authentication "iam"'],
      [{ website: true, ...jwt({}) }, 'cannot sign users in with the authentication "jwt"'],
      [{ website: { domain }, domain }, "the name www.example.com in both domain and website.domain"],
      [{ website: true, authentication: { kind: "cognito", pool } }, "not how its users sign in"],
      [{ website: { cognito }, authentication: { kind: "cognito" } }, "without an existing user pool"],
      [{ website: { cognito } }, "without an existing user pool"],
    ] as const) {
      it(`is refused as ${JSON.stringify(own).slice(0, 80)}`, () => {
        expect(refusalOf(own)).to.include(reason);
      });
    }

    it("shares neither its name nor its tokens with another environment", () => {
      const twins = (one: object, other: object) => () =>
        checkSettings({
          project: PROJECT,
          environments: [one, other].map(
            (own, index) => ({ ...environment, name: `e${index}`, ...own }) as Environment,
          ),
          stateBucket: undefined,
        });
      expect(twins({ website: { domain } }, { domain })).to.throw(
        'the domain www.example.com, which the environment "e0" already has',
      );
      expect(
        twins(
          { website: { cognito }, authentication: { kind: "cognito", pool } },
          { authentication: { kind: "cognito", pool: { ...pool, clientId: cognito.clientId } } },
        ),
      ).to.throw('the same tokens as the environment "e0": those of eu-west-2_AbCdEfGhI for page');
    });
  });

  it("accepts every kind of authentication", () => {
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

  const unusual: readonly (readonly [what: string, own: object])[] = [
    ["tags in other scripts", { tags: { Équipe: "Zürich 東京" } }],
    ["tags of the maximum length", { tags: { ["é".repeat(128)]: "é".repeat(256) } }],
    ["a domain at the apex of its zone", { domain: { name: "example.com", hostedZone: "example.com" } }],
    [
      "a domain under a top-level domain of another script",
      { domain: { name: "chat.xn--e1afmkfd.xn--p1ai", hostedZone: "xn--e1afmkfd.xn--p1ai" } },
    ],
    ["an e-mail address with an apostrophe and a plus", { alarmEmail: "Pat.O'Brien+chat@Example.com" }],
    ["an e-mail address in a domain of another script", { alarmEmail: "ops@xn--e1afmkfd.xn--p1ai" }],
    ["an issuer with a path", jwt({ issuer: "https://login.example.com:8443/realms/chat/v2.0" })],
    ["an audience with slashes", jwt({ audience: "https://chat.example.com/api/" })],
    ["groups with spaces and slashes", { ...jwt({}), moderators: ["Domain Users", "/staff/admins"] }],
    ["a group with a space for chat-ops", { ...jwt({}), chatOps: { ...chatOps, groups: { rotate: "Domain Admins" } } }],
  ];
  for (const [what, own] of unusual) {
    it(`accepts ${what}`, () => {
      expect(refusalOf(own)).to.equal("");
    });
  }

  const wrong: [own: object, received: string, allowed: string][] = [
    [{ name: "Dev" }, 'name is "Dev"', "lower-case letters, digits and dashes"],
    [{ name: "bootstrap" }, 'name is "bootstrap"', 'not "bootstrap"'],
    [{ region: "London" }, 'region is "London"', "the code of an AWS region"],
    [{ region: undefined }, "region is missing", "the code of an AWS region"],
    [{ tags: { "aws:a": "b" } }, 'tags.aws:a is "b"', "names of 1 to 128 letters"],
    [{ tags: { "AWS:team": "b" } }, 'tags.AWS:team is "b"', 'not beginning with "aws:"'],
    [{ tags: { " team": "b" } }, 'tags. team is "b"', "no space at either end"],
    [{ tags: { team: "b " } }, 'tags.team is "b "', "no space at either end"],
    [{ tags: { team: "aWs:b" } }, 'tags.team is "aWs:b"', 'not beginning with "aws:"'],
    [{ tags: { team: "" } }, 'tags.team is ""', "values of 1 to 256 letters"],
    [{ tags: { a: "%" } }, 'tags.a is "%"', "values of 1 to 256 letters"],
    [{ tags: { Team: "a", team: "b" } }, 'tags is {"Team":"a","team":"b"}', "names that differ in more than case"],
    [{ region: "eu-west-9" }, 'region is "eu-west-9"', "the code of an AWS region"],
    [{ messageRetentionDays: 3_654 }, "messageRetentionDays is 3654", "a whole number from 1 to 3653"],
    [{ presenceMembersMax: 2 ** 31 }, "presenceMembersMax is 2147483648", "a whole number from 0 to 100000"],
    [
      { throttle: { requestsPerSecond: 1, burst: 2 ** 31 } },
      "throttle.burst is 2147483648",
      "a whole number from 1 to 2147483647",
    ],
    [
      { alarmEmail: `${"a".repeat(65)}@example.com` },
      `alarmEmail is "${"a".repeat(65)}@example.com"`,
      "an e-mail address in ASCII",
    ],
    [{ alarmEmail: "änna@example.com" }, 'alarmEmail is "änna@example.com"', "an e-mail address in ASCII"],
    [{ alarmEmail: "anna@example.xn--" }, 'alarmEmail is "anna@example.xn--"', "an e-mail address in ASCII"],
    [{ alarmEmail: "anna@exam_ple.com" }, 'alarmEmail is "anna@exam_ple.com"', "an e-mail address in ASCII"],
    [{ moderators: ["a\u0000b"] }, 'moderators.0 is "a\\u0000b"', "names of groups"],
    [{ moderators: ["${path.module}"] }, 'moderators.0 is "${path.module}"', "a text without ${ or %{"],
    [jwt({ audience: "a%{b}" }), 'authentication.audience is "a%{b}"', "a text without ${ or %{"],
    [jwt({ issuer: "https://[" }), 'authentication.issuer is "https://["', "an address with a valid host"],
    [
      { domain: { name: `${"a".repeat(53)}.example.com`, hostedZone: "example.com" } },
      `domain.name is "${"a".repeat(53)}.example.com"`,
      "at most 64 characters, which is ACM's limit",
    ],
    [
      { chatOps: { ...chatOps, rotateEvery: "29 minutes" } },
      'chatOps.rotateEvery is "29 minutes"',
      "at least 30 minutes",
    ],
    [{ chatOps: { ...chatOps, rotateEvery: "3651 days" } }, 'chatOps.rotateEvery is "3651 days"', "at most 3650 days"],
    [
      { chatOps: { ...chatOps, services: { github: { rotateEvery: "1 minute" } } } },
      'chatOps.services.github.rotateEvery is "1 minute"',
      "at least 30 minutes",
    ],
    [{ chatOps: { ...chatOps, services: { gitlab: {} } } }, "chatOps.services.gitlab is {}", "one of github, "],
    [{ chatOps: { ...chatOps, rotateEvery: "1 days" } }, 'chatOps.rotateEvery is "1 days"', "an interval such as"],
    [{ chatOps: { ...chatOps, confirmationMinutes: 0 } }, "confirmationMinutes is 0", "a whole number from 1 to 1440"],
    [{ chatOps: { ...chatOps, groups: { rotate: "" } } }, 'chatOps.groups.rotate is ""', "the name of a group"],
    [{ stageName: "a b" }, 'stageName is "a b"', "1 to 128 letters"],
    [{ throttle: { requestsPerSecond: 0, burst: 1 } }, "throttle.requestsPerSecond is 0", "a whole number from 1 to"],
    [{ throttle: { requestsPerSecond: 1 } }, "throttle.burst is missing", "a whole number from 1 to"],
    [{ logRetentionDays: 10 }, "logRetentionDays is 10", "one of 1, 3, 5, 7, 14"],
    [{ logLevel: "debug" }, 'logLevel is "debug"', "one of DEBUG, INFO, WARN, ERROR"],
    [{ ownMessageMinutes: 0 }, "ownMessageMinutes is 0", "a whole number from 1 to 43200"],
    [{ reactions: 1 }, "reactions is 1", "true or false"],
    [{ unreadCounts: "on" }, 'unreadCounts is "on"', "true or false"],
    [{ messageRetentionDays: 0 }, "messageRetentionDays is 0", "a whole number from 1 to"],
    [{ presenceMembersMax: 1.5 }, "presenceMembersMax is 1.5", "a whole number from 0 to"],
    [{ functionMemoryMegabytes: 64 }, "functionMemoryMegabytes is 64", "a whole number from 128 to 10240"],
    [{ functionRuntime: "nodejs20.x" }, 'functionRuntime is "nodejs20.x"', "one of nodejs22.x, nodejs24.x"],
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
    [{ allowedOrigins: [] }, "allowedOrigins is []", "at least one origin"],
    [{ allowedOrigins: ["https://a.org/"] }, 'allowedOrigins.0 is "https://a.org/"', "origins as browsers send them"],
    [{ moderators: [] }, "moderators is []", "at least one group"],
    [
      { privateChannels: { ops: ["staff"] } },
      'privateChannels.ops is ["staff"]',
      "names of channels with a ~ before them",
    ],
    [
      { review: { functionArn: REVIEW_ARN, timeoutMilliseconds: 100 } },
      "review.onFailure is missing",
      "one of allow, deny",
    ],
    [
      { review: { functionArn: `${REVIEW_ARN}:1`, timeoutMilliseconds: 100, onFailure: "deny" } },
      `review.functionArn is "${REVIEW_ARN}:1"`,
      "the ARN of a Lambda function, without a version",
    ],
    [
      { review: { functionArn: REVIEW_ARN, timeoutMilliseconds: 3_000, onFailure: "deny" } },
      "review.timeoutMilliseconds is 3000",
      "a whole number from 100 to 2500",
    ],
    [{ messageRate: { perSecond: 5 } }, "messageRate.burst is missing", "a whole number from 1 to"],
    [{ messageRate: { perSecond: 0.5, burst: 1 } }, "messageRate.perSecond is 0.5", "a whole number from 1 to 1000"],
    [{ connectionsPerAddressMax: 0 }, "connectionsPerAddressMax is 0", "a whole number from 1 to"],
    [{ colour: "red" }, 'colour is "red"', "the settings name, region, tags"],
  ];
  for (const [own, received, allowed] of wrong) {
    it(`refuses an environment whose ${received}`, () => {
      expect(refusalOf(own)).to.include(`${received}; allowed: `).and.include(allowed);
    });
  }

  it("names the environment, the file to change, and every invalid setting", () => {
    const refusal = refusalOf({ logLevel: "debug", burst: 1, messageRetentionDays: -1 });
    expect(refusal.split("\n")).to.have.length(4);
    expect(refusal).to.match(/^The environment "dev" has invalid settings. Change it in infra\/environments.ts./);
  });

  it("refuses a setting of an earlier version, and explains how to move its role", () => {
    expect(refusalOf({ apiGatewayLogsRole: true } as Partial<Environment>))
      .to.include('"dev" has the setting apiGatewayLogsRole, which no longer exists. Remove it')
      .and.to.include("docs/deploy.md#move-the-log-role-to-the-bootstrap-stack");
  });

  it("refuses a project name with which no AWS name can begin", () => {
    expect(refusalOf({}, { project: "Team Chat" })).to.include('PROJECT is "Team Chat"; allowed: lower-case letters');
  });

  it("refuses two environments with the same name", () => {
    expect(refusalOf({}, { environments: [environment, environment] })).to.include(
      'The environment "dev" has the same name as another environment.',
    );
  });

  it("refuses two environments that accept the same tokens", () => {
    const [dev, prod] = ["dev", "prod"].map((name) => ({ ...environment, ...jwt({}), name }) as Environment);
    expect(refusalOf({}, { environments: [dev, prod] as Environment[] })).to.include(
      'The environment "prod" has the same tokens as the environment "dev": those of https://login.example.com/ for chat-dev.',
    );
    const other = { ...environment, ...jwt({ audience: "chat-prod" }), name: "prod" } as Environment;
    expect(refusalOf({}, { environments: [dev, other] as Environment[] })).to.equal("");
  });

  it("refuses settings that require users or groups if the authentication has none", () => {
    for (const [own, what] of [
      [{ moderators: ["staff"] }, 'moderators, which requires groups, and the authentication "none" has no groups.'],
      [
        { channelCreators: ["staff"], authentication: { kind: "iam" } },
        'channelCreators, which requires groups, and the authentication "iam" has no groups.',
      ],
      [{ privateChannels: { "~ops": ["staff"] } }, "privateChannels, which requires groups, and"],
      [{ connectionsPerUserMax: 3 }, "connectionsPerUserMax, which requires authenticated users."],
      [{ directConversations: true }, "directConversations, which requires authenticated users."],
      [
        { authentication: { kind: "iam" }, readReceipts: true, unreadCounts: true },
        "readReceipts, which requires directConversations and unreadCounts.",
      ],
      [{ lastingMembership: true }, "lastingMembership, which requires authenticated users."],
      [{ unreadCounts: true }, "unreadCounts, which requires authenticated users."],
      [{ publish: { channels: "any", users: true } }, "publish.users, which requires authenticated users."],
    ] as const) {
      expect(refusalOf(own)).to.include(`The environment "dev" has ${what}`);
    }
  });

  it("refuses a name that another setting could make too long", () => {
    const name = "n".repeat(41);
    expect(refusalOf({ name })).to.equal("");
    expect(refusalOf({ name: `${name}n` })).to.equal(
      `The environment "${name}n" has a name of 42 characters; allowed: 41 with the PROJECT "chat", because AWS allows 64 ` +
        `in "chat-${name}n-circleci-schedule". Make the name or PROJECT shorter by 1. Change it in infra/environments.ts.`,
    );
  });

  it("accepts 50 tags, including the user's own Project and Environment", () => {
    const own = { Project: "acme", ENVIRONMENT: "production" };
    expect(refusalOf({ tags: own })).to.equal("");
    expect(refusalOf({ tags: { ...own, ...manyTags(48) } })).to.equal("");
    expect(refusalOf({ tags: manyTags(48) })).to.equal("");
    expect(refusalOf({ tags: manyTags(49) })).to.match(/tags is .*… \(\d+ characters\); allowed: at most 50 tags/);
  });

  it("checks a throttle against the account's quota, which is smaller in some regions", () => {
    const throttle = { requestsPerSecond: 10_000, burst: 5_000 };
    expect(refusalOf({ throttle })).to.equal("");
    expect(refusalOf({ throttle, region: "eu-south-1" })).to.include(
      "a throttle of 10000 requests per second and a burst of 5000; allowed: 2500 and 1250, the default quota of an account in eu-south-1. If AWS has raised",
    );
    expect(refusalOf({ throttle: { ...throttle, burst: 5_001 } })).to.include("allowed: 10000 and 5000");
    expect(refusalOf({ throttle, region: "eu-south-1", throttleQuota: throttle })).to.equal("");
  });

  it("refuses lists that do not fit into the variables of a function, each by name", () => {
    const groups = Array.from({ length: 400 }, (_, index) => `group-${index}`);
    const own = { authentication: jwt({}).authentication };
    const channels = Object.fromEntries(groups.map((group) => [`~${group}`, [group]]));
    const long: [own: object, setting: string][] = [
      [
        { allowedOrigins: Array.from({ length: 120 }, (_, index) => `https://tenant-${index}.chat.example.com`) },
        "allowedOrigins",
      ],
      [{ ...own, moderators: groups }, "moderators"],
      [{ ...own, channelCreators: groups }, "channelCreators and privateChannels"],
      [{ ...own, privateChannels: channels }, "channelCreators and privateChannels"],
      [jwt({ audience: "a".repeat(4_096) }), "authentication"],
      [{ ...ENABLED, chatOps: { ...chatOps, groups: { rotate: "g".repeat(4_096) } } }, "chatOps.groups"],
    ];
    for (const [settings, setting] of long) {
      expect(refusalOf(settings)).to.match(
        new RegExp(
          `has ${setting} of \\d+ bytes; allowed: 3072, because .* 4096 bytes .* Change it in infra/environments.ts`,
        ),
      );
    }
  });

  it("refuses the domain of another environment", () => {
    const domain = { name: "chat.example.com", hostedZone: "example.com" };
    const [dev, prod] = ["dev", "prod"].map((name) => ({ ...environment, domain, name }) as Environment);
    expect(refusalOf({}, { environments: [dev, prod] as Environment[] })).to.include(
      'The environment "prod" has the domain chat.example.com, which the environment "dev" already has.',
    );
  });

  it("refuses a remote state without a bucket", () => {
    expect(refusalOf({ remoteState: true })).to.include('"dev" has remoteState, but STATE_BUCKET is undefined.');
  });

  it("refuses a bucket name that S3 refuses", () => {
    const stateBucket = { name: "Chat_State", region: "eu-west-2" };
    expect(refusalOf({}, { stateBucket })).to.include('name is "Chat_State"; allowed: 3 to 63 lower-case letters');
    const reserved = { name: "chat-state--x-s3", region: "eu-west-2" };
    expect(refusalOf({}, { stateBucket: reserved })).to.include("without a reserved prefix or suffix");
  });
});
