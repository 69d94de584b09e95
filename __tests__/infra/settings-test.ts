import { expect } from "chai";
import { environments, STATE_BUCKET } from "../../infra/environments.ts";
import { checkSettings, type Environment, type Settings } from "../../infra/settings.ts";
import { ENABLED } from "../support/chatops/enabled.ts";
import { environment } from "../support/synthesized.ts";

const check = (own: object, settings: Partial<Settings> = {}) =>
  checkSettings({ environments: [{ ...environment, ...own } as Environment], stateBucket: undefined, ...settings });

const refusalOf = (own: object, settings: Partial<Settings> = {}): string => {
  try {
    check(own, settings);
  } catch (fault) {
    return (fault as Error).message;
  }
  return "";
};

const EVERYTHING: Partial<Environment> = {
  tags: { "cost center": "R+D" },
  alarmEmail: "anna@example.com",
  dashboard: true,
  accessLog: true,
  apiGatewayLogsRole: true,
  tracing: true,
  domain: { name: "chat.example.com", hostedZone: "example.com" },
  deletionProtection: true,
};

const { chatOps } = ENABLED;

describe("infra/settings", () => {
  it("takes the settings that are there", () => {
    expect(() => checkSettings({ environments, stateBucket: STATE_BUCKET })).not.to.throw();
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

  it("refuses two environments of one name", () => {
    expect(refusalOf({}, { environments: [environment, environment] })).to.include(
      'Two environments have the name "dev"',
    );
  });

  it("refuses a remote state without a bucket for it", () => {
    expect(refusalOf({ remoteState: true })).to.include('"dev" has remoteState, but STATE_BUCKET is undefined.');
  });

  it("refuses a bucket's name that S3 refuses", () => {
    const stateBucket = { name: "Chat_State", region: "eu-west-2" };
    expect(refusalOf({}, { stateBucket })).to.include('name is "Chat_State"; allowed: 3 to 63 lower-case letters');
  });
});
