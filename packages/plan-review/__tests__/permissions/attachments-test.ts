import { expect } from "chai";
import { gainedPhrases, hiddenPhrases, lostPhrases } from "../../src/permissions/permission-phrases.ts";
import { textOf } from "../support/phrases.ts";
import { aReview, type Planned } from "../support/plans.ts";

const ACCOUNT = "123456789012";
const arn = (service: string, rest: string, account = ACCOUNT) => `arn:aws:${service}:eu-west-2:${account}:${rest}`;
const iam = (rest: string, account = ACCOUNT) => `arn:aws:iam::${account}:${rest}`;
const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
const LIMIT = iam("policy/limit");

/** A function with its role, a policy of the plan and a log group. */
const PARTS = {
  "aws_iam_role.say": { before: { arn: iam("role/say"), name: "say" } },
  "aws_iam_policy.read": { before: { arn: iam("policy/read"), name: "read" } },
  "aws_lambda_function.say": {
    before: { function_name: "say", arn: arn("lambda", "function:say"), role: iam("role/say") },
  },
  "aws_cloudwatch_log_group.say": {
    before: { name: "/aws/lambda/say", arn: arn("logs", "log-group:/aws/lambda/say") },
  },
} as const;

function reported(resources: Readonly<Record<string, Planned>>) {
  const { permissions, call } = aReview({ ...PARTS, ...resources });
  return {
    gained: gainedPhrases(permissions, call).map(textOf),
    lost: lostPhrases(permissions, call).map(textOf),
    hidden: hiddenPhrases(permissions).map(textOf),
  };
}

const created = (after: object): Planned => ({ before: null, after: { ...after } });
const deleted = (before: object): Planned => ({ before: { ...before }, after: null });

const may = (who: string, policy = ADMIN) => `${who} may now do what the policy \`${policy}\` allows`;
const VERY_WIDE = ", *which is very wide*.";

describe("permissions/attachments", () => {
  for (const [type, after, who] of [
    ["aws_iam_role_policy_attachment", { role: "say" }, "Function `say`"],
    ["aws_iam_role_policy_attachment", { role: "elsewhere" }, "Role `elsewhere`"],
    ["aws_iam_user_policy_attachment", { user: "mallory" }, "User `mallory`"],
    ["aws_iam_group_policy_attachment", { group: "everyone" }, "Group `everyone`"],
    ["aws_iam_role_policy_attachments_exclusive", { role_name: "elsewhere" }, "Role `elsewhere`"],
    ["aws_iam_user_policy_attachments_exclusive", { user_name: "mallory" }, "User `mallory`"],
    ["aws_iam_group_policy_attachments_exclusive", { group_name: "everyone" }, "Group `everyone`"],
  ] as const) {
    it(`reads ${type} of ${Object.values(after)[0]}`, () => {
      const policies = type.endsWith("_exclusive") ? { policy_arns: [ADMIN] } : { policy_arn: ADMIN };
      const attached = { ...after, ...policies };
      expect(reported({ [`${type}.x`]: created(attached) }).gained).to.deep.equal([may(who) + VERY_WIDE]);
      expect(reported({ [`${type}.x`]: deleted(attached) }).lost).to.include(
        `${who} may no longer do what the policy \`${ADMIN}\` allows.`,
      );
    });
  }

  it("reads aws_iam_policy_attachment, which detaches the policy from all other holders", () => {
    const after = { roles: ["elsewhere"], users: ["mallory"], groups: ["everyone"], policy_arn: ADMIN };
    expect(reported({ "aws_iam_policy_attachment.all": created(after) })).to.deep.equal({
      gained: ["Group `everyone`", "Role `elsewhere`", "User `mallory`"].map((who) => may(who) + VERY_WIDE),
      lost: [`Terraform detaches the policy \`${ADMIN}\` from all other roles, users and groups.`],
      hidden: [],
    });
  });

  it("reads holders that are added to an aws_iam_policy_attachment, or removed", () => {
    const of = (...users: string[]) => ({ users, policy_arn: LIMIT });
    expect(
      reported({ "aws_iam_policy_attachment.all": { before: of("anna", "bob"), after: of("anna", "eve") } }),
    ).to.deep.equal({
      gained: [`${may("User `eve`", LIMIT)}, which this plan does not show.`],
      lost: [`User \`bob\` may no longer do what the policy \`${LIMIT}\` allows.`],
      hidden: [],
    });
  });

  it("reports policies that it cannot show, and names the plan's own policies", () => {
    const { gained } = reported({
      "aws_iam_user_policy_attachment.a": created({ user: "anna", policy_arn: iam("policy/read") }),
      "aws_iam_user_policy_attachment.b": created({
        user: "bob",
        policy_arn: "arn:aws:iam::aws:policy/AWSLambdaExecute",
      }),
      "aws_iam_user_policy_attachment.c": created({
        user: "carl",
        policy_arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
      }),
    });
    expect(gained).to.deep.equal([
      "User `anna` may now do what policy `read` allows.",
      `${may("User `bob`", "arn:aws:iam::aws:policy/AWSLambdaExecute")}, which AWS defines and this plan does not show.`,
      may("User `carl`", "arn:aws:iam::aws:policy/AmazonS3FullAccess") + VERY_WIDE,
    ]);
  });

  it("reports which other policies Terraform removes, and when it stops doing so", () => {
    const only = { role_name: "elsewhere", policy_names: ["b", "a"] };
    const attached = { user_name: "anna", policy_arns: [] };
    expect(reported({ "aws_iam_role_policies_exclusive.x": created(only) }).lost).to.deep.equal([
      "Role `elsewhere` may have no inline policies except `a` and `b`: Terraform deletes all others.",
    ]);
    expect(reported({ "aws_iam_role_policies_exclusive.x": deleted(only) }).gained).to.deep.equal([
      "Terraform no longer deletes other inline policies of role `elsewhere`.",
    ]);
    const fewer = { before: only, after: { ...only, policy_names: ["a"] } };
    expect(reported({ "aws_iam_role_policies_exclusive.x": fewer })).to.deep.equal({
      gained: [],
      lost: ["Role `elsewhere` may have no inline policies except `a`: Terraform deletes all others."],
      hidden: [],
    });
    expect(reported({ "aws_iam_user_policy_attachments_exclusive.x": created(attached) }).lost).to.deep.equal([
      "User `anna` may have no attached policies: Terraform detaches all others.",
    ]);
  });

  it("reads the managed and inline policies of a role itself", () => {
    const role = PARTS["aws_iam_role.say"].before;
    const Statement = [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }];
    const inline_policy = [{ name: "more", policy: JSON.stringify({ Statement }) }];
    const change = { before: role, after: { ...role, managed_policy_arns: [ADMIN], inline_policy } };
    expect(reported({ "aws_iam_role.say": change }).gained).to.deep.equal([
      may("Function `say`") + VERY_WIDE,
      "Function `say` may now *`dynamodb:*`* on *any resource*.",
    ]);
  });

  it("does not treat the policies that AWS reports for a role as policies that stay", () => {
    const Statement = [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }];
    const policy = JSON.stringify({ Statement });
    const role = {
      ...PARTS["aws_iam_role.say"].before,
      managed_policy_arns: [ADMIN],
      inline_policy: [{ name: "send", policy }],
    };
    expect(
      reported({
        "aws_iam_role.say": { before: role },
        "aws_iam_role_policy.send": deleted({ name: "send", role: "say", policy }),
        "aws_iam_role_policy_attachment.all": deleted({ role: "say", policy_arn: ADMIN }),
      }).lost,
    ).to.deep.equal([
      `Function \`say\` may no longer do what the policy \`${ADMIN}\` allows.`,
      "Function `say` may no longer `sqs:SendMessage` on *any resource*.",
    ]);
  });

  for (const [type, noun] of [
    ["aws_iam_role", "Role"],
    ["aws_iam_user", "User"],
  ] as const) {
    it(`reads the permissions boundary of ${type}`, () => {
      const of = (permissions_boundary: string) => ({ name: "anna", permissions_boundary });
      const becomes = (before: string, after: string) =>
        reported({ [`${type}.anna`]: { before: of(before), after: of(after) } });
      expect(becomes(LIMIT, "").gained).to.deep.equal([
        `${noun} \`anna\` *loses its permissions boundary \`${LIMIT}\`* and may do all that its policies allow.`,
      ]);
      expect(becomes("", LIMIT)).to.deep.equal({
        gained: [],
        lost: [`${noun} \`anna\` may now do at most what its permissions boundary \`${LIMIT}\` allows.`],
        hidden: [],
      });
      expect(becomes(LIMIT, ADMIN).gained).to.deep.equal([
        `${noun} \`anna\` has the permissions boundary \`${ADMIN}\` instead of \`${LIMIT}\`, and may do more if it allows more.`,
      ]);
    });
  }

  it("reads users that join and leave a group", () => {
    const { gained, lost } = reported({
      "aws_iam_group_membership.a": created({ group: "admins", users: ["anna", "bob"] }),
      "aws_iam_user_group_membership.b": created({ user: "eve", groups: ["admins"] }),
      "aws_iam_user_group_membership.c": deleted({ user: "carl", groups: ["admins"] }),
    });
    expect(gained).to.deep.equal(
      ["anna", "bob", "eve"].map(
        (user) => `User \`${user}\` is now a member of group \`admins\` and may do what it allows.`,
      ),
    );
    expect(lost).to.deep.equal([
      "User `carl` is no longer a member of group `admins`.",
      "Terraform removes all other users from group `admins`.",
    ]);
  });

  it("reads function URLs without authentication", () => {
    const url = (authorization_type: string) => ({ function_name: "say", authorization_type });
    expect(reported({ "aws_lambda_function_url.x": created(url("NONE")) }).gained).to.deep.equal([
      "*Anybody* may now call function `say` by its URL, without authentication.",
    ]);
    expect(reported({ "aws_lambda_function_url.x": { before: url("NONE"), after: url("AWS_IAM") } })).to.deep.equal({
      gained: ["IAM identities with `lambda:InvokeFunctionUrl` may now call function `say` by its URL."],
      lost: ["Anonymous callers may no longer call function `say` by its URL."],
      hidden: [],
    });
  });

  it("reads destinations of log events, and emphasizes another account", () => {
    const filter = (destination_arn: string) => ({ log_group_name: "/aws/lambda/say", destination_arn });
    const theirs = arn("logs", "destination:theirs", "999999999999");
    expect(reported({ "aws_cloudwatch_log_subscription_filter.x": created(filter(theirs)) }).gained).to.deep.equal([
      `Log group \`/aws/lambda/say\` now sends its log events to *another account*: \`${theirs}\`, in the account \`999999999999\`.`,
    ]);
    const ours = arn("lambda", "function:say");
    expect(
      reported({ "aws_cloudwatch_log_subscription_filter.x": { before: filter(theirs), after: filter(ours) } }),
    ).to.deep.equal({
      gained: ["Log group `/aws/lambda/say` now sends its log events to function `say`."],
      lost: [
        `Log group \`/aws/lambda/say\` no longer sends its log events to \`${theirs}\`, in the account \`999999999999\`.`,
      ],
      hidden: [],
    });
  });

  it("reads routes without authorization", () => {
    const parts = { "aws_apigatewayv2_api.api": { before: { id: "a1", name: "chat", protocol_type: "WEBSOCKET" } } };
    const route = (route_key: string, authorization_type?: string) => ({ api_id: "a1", route_key, authorization_type });
    const becomes = (key: string, before: string, after?: string) =>
      reported({ ...parts, "aws_apigatewayv2_route.x": { before: route(key, before), after: route(key, after) } });
    expect(becomes("$connect", "CUSTOM", "NONE").gained).to.deep.equal([
      "*Anybody* may now connect to API `chat`, without authorization.",
    ]);
    expect(becomes("$connect", "NONE", "AWS_IAM").lost).to.deep.equal([
      "Anonymous clients may no longer connect to API `chat`.",
    ]);
    expect(becomes("$connect", "CUSTOM").gained).to.have.length(1);
    expect(becomes("sendmessage", "CUSTOM", "NONE")).to.deep.equal({ gained: [], lost: [], hidden: [] });
    expect(becomes("GET /people", "JWT", "NONE").gained).to.deep.equal([
      "*Anybody* may now call `GET /people` of API `chat`, without authorization.",
    ]);
  });

  it("reads the roles of resources, and a function's role that is not in the plan", () => {
    const other = iam("role/other");
    const target = (role_arn: string) => ({ name: "daily", target: [{ role_arn }] });
    const { function_name, arn: functionArn } = PARTS["aws_lambda_function.say"].before;
    const runs = {
      before: PARTS["aws_lambda_function.say"].before,
      after: { function_name, arn: functionArn, role: other },
    };
    expect(reported({ "aws_scheduler_schedule.daily": created(target(iam("role/say"))) }).gained).to.deep.equal([
      "`aws_scheduler_schedule.daily` may now act as role `say`.",
    ]);
    expect(reported({ "aws_lambda_function.say": runs }).gained).to.include(
      `Function \`say\` may now act as the role \`${other}\`, whose permissions this plan does not show.`,
    );
    const unknown = { before: runs.before, after: { function_name, arn: functionArn }, after_unknown: { role: true } };
    const written = { role: { references: ["data.aws_iam_role.admin.arn"] } };
    expect(reported({ "aws_lambda_function.say": { ...unknown, written } }).hidden).to.deep.equal([
      "`aws_lambda_function.say` (update) is not compared: `role` can grant access, and this review has no rule for it. Read its change in `terraform plan`.",
    ]);
    const profile = { name: "web", role: "elsewhere" };
    expect(reported({ "aws_iam_instance_profile.web": created(profile) }).gained).to.deep.equal([
      "`aws_iam_instance_profile.web` may now act as role `elsewhere`, whose permissions this plan does not show.",
    ]);
  });

  it("reports an attachment if the plan does not show its holder or its policy", () => {
    const written = { user: "anna", policy_arn: { references: ["var.policy"] } };
    const change = { ...created({ user: "anna" }), after_unknown: { policy_arn: true }, written };
    expect(reported({ "aws_iam_user_policy_attachment.x": change }).hidden).to.deep.equal([
      "`policy_arn` of `aws_iam_user_policy_attachment.x` cannot be compared: it is known after apply.",
    ]);
  });

  it("names an attachment whose holders are sensitive, and a URL whose authorization is unknown", () => {
    const attached = created({ users: ["anna"], policy_arn: ADMIN });
    const url = { ...created({ function_name: "say" }), after_unknown: { authorization_type: true } };
    expect(
      reported({
        "aws_iam_policy_attachment.x": { ...attached, after_sensitive: { users: [true] } },
        "aws_lambda_function_url.x": url,
      }),
    ).to.deep.equal({
      gained: [],
      lost: [],
      hidden: [
        "`users` of `aws_iam_policy_attachment.x` cannot be compared: it is a sensitive value.",
        "`authorization_type` of `aws_lambda_function_url.x` cannot be compared: it is known after apply.",
      ],
    });
  });

  it("reads which function or issuer an authorizer trusts", () => {
    const of = (own: object) => ({ id: "a1", name: "tokens", ...own });
    const change = {
      before: of({ authorizer_uri: arn("lambda", "function:other") }),
      after: of({ authorizer_uri: arn("lambda", "function:say") }),
    };
    expect(reported({ "aws_apigatewayv2_authorizer.x": change })).to.deep.equal({
      gained: ["Function `say` now decides which clients authorizer `tokens` accepts."],
      lost: [`\`${arn("lambda", "function:other")}\` no longer decides which clients authorizer \`tokens\` accepts.`],
      hidden: [],
    });
    const jwt = of({ jwt_configuration: [{ issuer: "https://example.com", audience: ["chat"] }] });
    expect(reported({ "aws_apigatewayv2_authorizer.x": created(jwt) }).gained).to.deep.equal([
      "`https://example.com` now decides which clients authorizer `tokens` accepts.",
    ]);
  });

  it("reads the instance profile of a server", () => {
    const profile = { "aws_iam_instance_profile.web": { before: { name: "web", role: "say" } } };
    expect(reported({ ...profile, "aws_instance.a": created({ iam_instance_profile: "web" }) }).gained).to.deep.equal([
      "`aws_instance.a` may now act as `aws_iam_instance_profile.web`.",
    ]);
    expect(reported({ "aws_instance.a": created({ iam_instance_profile: "admin" }) }).gained).to.deep.equal([
      "`aws_instance.a` may now act as instance profile `admin`, whose permissions this plan does not show.",
    ]);
  });

  it("reads references to what the plan creates", () => {
    const change = {
      ...created({}),
      after_unknown: { user: true, policy_arn: true },
      written: { user: "${aws_iam_user.anna.name}", policy_arn: "${aws_iam_policy.read.arn}" },
    };
    expect(
      reported({ "aws_iam_user.anna": created({ name: "anna" }), "aws_iam_user_policy_attachment.x": change }).gained,
    ).to.deep.equal(["User `anna` may now do what policy `read` allows."]);
  });
});
