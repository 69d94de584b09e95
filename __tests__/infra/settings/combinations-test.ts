import { Testing } from "cdktf";
import { expect } from "chai";
import { routes } from "../../../handlers/routes.ts";
import { isDeployed } from "../../../infra/settings/combinations.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { aChatStack, environment, ISSUER, MODERATED } from "../../support/synthesized.ts";

const settings = { authentication: ISSUER, ...MODERATED };

const deployedIn = (own: Partial<Environment>): string[] =>
  routes.filter((route) => isDeployed({ ...environment, ...own }, route)).map(({ key }) => key);

describe("infra/settings/combinations", () => {
  it("has no routes for users and moderators in environments without them", () => {
    const kept = ["invite", "kick", "ban", "unban", "mute", "delete"];
    expect(deployedIn({})).not.to.include.members(kept);
    expect(deployedIn({ authentication: { kind: "iam" } })).to.include("invite");
    expect(deployedIn({ authentication: { kind: "iam" } })).not.to.include("kick");
    expect(deployedIn(settings)).to.include.members(kept);
  });

  it("has the routes for own messages only with ownMessageMinutes, also without users", () => {
    expect(deployedIn({})).not.to.include("edit");
    expect(deployedIn(settings)).not.to.include("edit");
    expect(deployedIn({ ownMessageMinutes: 15 })).to.include.members(["edit", "delete"]);
    expect(deployedIn({ ownMessageMinutes: 15 })).not.to.include("kick");
  });

  it("stores direct messages only with directConversations, under keys that the functions of channels cannot access", () => {
    expect(deployedIn(settings)).not.to.include("conversations");
    expect(deployedIn({ ...settings, directConversations: true })).to.include("conversations");
    const statementsOf = (own: Partial<Environment>) => {
      const { resource } = JSON.parse(Testing.synth(aChatStack({ environment: { ...settings, ...own } }), true));
      return Object.entries<{ policy: string }>(resource.aws_iam_role_policy).flatMap(([entry, { policy }]) =>
        JSON.parse(policy).Statement.flatMap((statement: { Condition?: Record<string, Record<string, string[]>> }) =>
          (statement.Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []).map(
            (key) => [entry, key] as const,
          ),
        ),
      );
    };
    const reaching = (own: Partial<Environment>) =>
      [...new Set(statementsOf(own).flatMap(([entry, key]) => (key === "DIRECT#*" ? [entry] : [])))].sort();
    expect(reaching({})).to.deep.equal([]);
    expect(reaching({ directConversations: true })).to.deep.equal(["direct", "history"]);
    const publish = { channels: "any", users: true } as const;
    const withPublish = reaching({ directConversations: true, publish });
    expect(withPublish).to.deep.equal(["direct", "history", "publish"]);
    expect(reaching({ directConversations: true, publish: { channels: "any" } })).not.to.include("publish");
    expect(statementsOf({ directConversations: true }).map(([, key]) => key)).not.to.include("*");
  });

  it("has reactions only with the setting, also without authenticated users, and their functions cannot change messages", () => {
    expect(deployedIn({})).not.to.include("react");
    expect(deployedIn({ reactions: true })).to.include("react");
    const actionsOf = (own: Partial<Environment>, entry: string) => {
      const { resource } = JSON.parse(Testing.synth(aChatStack({ environment: { ...settings, ...own } }), true));
      const { Statement } = JSON.parse(resource.aws_iam_role_policy[entry].policy);
      const actions = Statement.flatMap(
        ({ Action, Condition }: { Action: string[]; Condition?: Record<string, Record<string, string[]>> }) =>
          (Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []).flatMap((key) =>
            Action.map((action) => `${action.replace("dynamodb:", "")} ${key}`),
          ),
      );
      return actions.filter((each: string) => /REACT|LOG/.test(each));
    };
    expect(actionsOf({}, "history").join()).not.to.include("REACT");
    expect(actionsOf({ reactions: true }, "react")).to.have.members([
      ...[
        "GetItem LOG#*",
        "GetItem REACTIONS#*",
        "UpdateItem REACTIONS#*",
        "DeleteItem REACTIONS#*",
        "PutItem REACTED#*",
        "DeleteItem REACTED#*",
      ],
    ]);
  });

  it("has the routes for read markers only with unreadCounts", () => {
    expect(deployedIn(settings)).not.to.include("read").and.not.to.include("unread");
    expect(deployedIn({ ...settings, unreadCounts: true })).to.include.members(["read", "unread"]);
  });

  it("lets `unread` count messages, and not read them", () => {
    const { resource } = JSON.parse(
      Testing.synth(aChatStack({ environment: { ...settings, unreadCounts: true } }), true),
    );
    const { Statement } = JSON.parse(String(resource.aws_iam_role_policy.unread.policy));
    const onMessages = Statement.filter(({ Condition }: { Condition?: object }) =>
      JSON.stringify(Condition ?? {}).includes("LOG#"),
    );
    expect(onMessages).to.have.length(1);
    expect(onMessages[0].Action).to.deep.equal(["dynamodb:Query"]);
    expect(onMessages[0].Condition.StringEquals).to.deep.equal({ "dynamodb:Select": ["COUNT"] });
  });

  it("lets functions read single messages only with ownMessageMinutes, and only `edit` change a message without deleting it", () => {
    const sidsOf = (own: Partial<Environment>) => {
      const { resource } = JSON.parse(Testing.synth(aChatStack({ environment: { ...settings, ...own } }), true));
      return (entry: string): string[] =>
        JSON.parse(String(resource.aws_iam_role_policy[entry].policy)).Statement.map(({ Sid }: { Sid: string }) => Sid);
    };
    const on = sidsOf({ ownMessageMinutes: 15 });
    expect(on("edit")).to.include("EditMessages").and.not.include("WriteMessages");
    expect(on("delete")).to.include.members(["ReadEditedMessages", "DeleteMessages"]);
    expect(on("history")).to.include("ReadEditedMessages");
    const off = sidsOf({});
    for (const entry of ["delete", "history"]) expect(off(entry), entry).not.to.include("ReadEditedMessages");
  });

  describe("in an environment with moderators", () => {
    let resource: Record<string, Record<string, Record<string, unknown>>>;
    before(() => {
      resource = JSON.parse(Testing.synth(aChatStack({ environment: settings }), true)).resource;
    });
    const granted = (entry: string): string[] => {
      const { Statement } = JSON.parse(String(resource.aws_iam_role_policy?.[entry]?.policy));
      return Statement.map(({ Sid }: { Sid: string }) => Sid);
    };
    const variables = (entry: string): Record<string, string> => {
      const lambda = resource.aws_lambda_function?.[entry] as { environment?: { variables: Record<string, string> } };
      return lambda.environment?.variables ?? {};
    };

    it("gives each route only the permissions that it needs", () => {
      const own = ["WriteInvitations", "CloseKicked", "WriteMutes", "DeleteMessages", "UseInvitations"];
      own.push("ReadBans", "WriteBans", "RemoveBans");
      const of = (entry: string) => granted(entry).filter((sid) => own.includes(sid));
      expect(of("invite")).to.deep.equal(["WriteInvitations"]);
      expect(of("kick")).to.deep.equal(["CloseKicked"]);
      expect(of("ban")).to.deep.equal(["WriteBans", "CloseKicked"]);
      expect(of("unban")).to.deep.equal(["RemoveBans"]);
      expect(of("connect")).to.deep.equal(["ReadBans"]);
      expect(of("mute")).to.deep.equal(["WriteMutes"]);
      expect(of("delete")).to.deep.equal(["DeleteMessages"]);
      expect(of("join")).to.deep.equal(["UseInvitations"]);
    });

    it("gives the moderators to the functions that need them", () => {
      for (const entry of ["kick", "ban", "unban", "mute", "delete", "send-message", "typing", "history"]) {
        expect(variables(entry).MODERATORS, entry).to.equal('["moderators"]');
      }
      for (const entry of ["connect", "join", "invite"]) expect(variables(entry)).not.to.have.property("MODERATORS");
    });

    it("gives `join` the groups that may create channels and join private ones", () => {
      expect(variables("join")).to.include({ CHANNEL_CREATORS: '["staff"]', PRIVATE_CHANNELS: '{"~ops":["staff"]}' });
    });
  });
});
