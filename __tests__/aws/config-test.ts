import { expect } from "chai";
import { type Config, configOf, SETTINGS, type SettingName, variablesOf } from "../../aws/config.ts";
import { aConfig } from "../support/a-config.ts";

const names = Object.keys(SETTINGS) as SettingName[];

describe("aws/config", () => {
  const roundTrip = (own: Partial<Config>) => configOf([names], variablesOf(aConfig(own)));

  it("parses the variables of a config back into the same config", () => {
    const config = aConfig();
    expect(roundTrip({})).to.deep.equal(config);
    const own = {
      allowedOrigins: ["https://a.org", "https://b.org"],
      channelCreators: ["staff"],
      privateChannels: { "~ops": ["staff"] },
      moderators: ["moderators"],
      lastingAccess: { channelCreators: "everybody", privateChannels: { "~ops": ["staff"] } },
      messageRate: { perSecond: 5, burst: 20 },
      connectionsPerUserMax: 5,
      connectionsPerAddressMax: 50,
    } as const;
    expect(roundTrip(own)).to.deep.equal({ ...config, ...own, checksBans: true });
  });

  it("has a readable value for a setting that is off", () => {
    expect(variablesOf(aConfig())).to.include({
      ALLOWED_ORIGINS: "any",
      CHANNEL_CREATORS: "everybody",
      PRIVATE_CHANNELS: "{}",
      MODERATORS: "[]",
      LASTING_MEMBERSHIP: "false",
      LASTING_ACCESS: "off",
      MESSAGE_RATE: "unlimited",
      CONNECTIONS_PER_USER_MAX: "unlimited",
      CONNECTIONS_PER_ADDRESS_MAX: "unlimited",
      CHECK_BANS: "false",
    });
  });

  it("contains only the settings that a function declares", () => {
    expect(configOf([["tableName"]], variablesOf(aConfig()))).to.deep.equal({ tableName: "chat" });
  });

  for (const name of names) {
    const { variable, allowed } = SETTINGS[name];

    it(`refuses to start without ${variable}`, () => {
      const { [variable]: _, ...others } = variablesOf(aConfig());
      expect(() => configOf([names], others)).to.throw(`${variable} is missing; allowed: ${allowed}.`);
    });

    it(`refuses to start with an empty ${variable}`, () => {
      const variables = { ...variablesOf(aConfig()), [variable]: "" };
      expect(() => configOf([names], variables)).to.throw(`${variable} is ""; allowed: ${allowed}.`);
    });
  }

  for (const [variable, received] of [
    ["MODERATORS", "moderators"],
    ["MODERATORS", "null"],
    ["CHANNEL_CREATORS", "anybody"],
    ["MESSAGE_RATE", '{"perSecond":0,"burst":1}'],
    ["CONNECTIONS_PER_USER_MAX", "-1"],
    ["CHECK_BANS", "yes"],
    ["AUTHENTICATION", "basic"],
    ["MESSAGE_RETENTION_DAYS", "1.5"],
  ] as const) {
    it(`refuses to start if ${variable} is ${received}`, () => {
      const variables = { ...variablesOf(aConfig()), [variable]: received };
      expect(() => configOf([names], variables)).to.throw(`${variable} is ${JSON.stringify(received)}; allowed: `);
    });
  }

  it("names every invalid variable at once, and what to do", () => {
    expect(() => configOf([["tableName"], ["moderators", "tableName"]], {})).to.throw(
      "The function has invalid environment variables. Terraform sets them: deploy the stack again.\n" +
        "  TABLE_NAME is missing; allowed: the name of the DynamoDB table.\n" +
        "  MODERATORS is missing; allowed: a JSON array of group names.",
    );
  });
});
