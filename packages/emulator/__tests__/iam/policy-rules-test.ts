import { expect } from "chai";
import { type PolicyKind, policyViolations } from "../../src/iam/policy-rules.ts";

const TABLE = "arn:aws:dynamodb:eu-west-2:000000000000:table/chat";

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** A policy with one statement that reads a table, except for what is given. Undefined removes an element. */
const reads = (own: object = {}): string =>
  policy({ Effect: "Allow", Action: "dynamodb:Query", Resource: TABLE, ...own });

/** A role's trust policy with one statement, except for what is given. */
const trusts = (own: object = {}): string =>
  policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" }, ...own });

/** A queue's policy with one statement, except for what is given. */
const accepts = (own: object = {}): string =>
  policy({
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "arn:aws:sqs:eu-west-2:000000000000:failed",
    ...own,
  });

const when = (operator: string, key: string, value: unknown): object => ({
  Condition: { [operator]: { [key]: value } },
});

/** An invalid document, with the place, part of the problem, and the page that states the rule. */
type Broken = readonly [name: string, document: string, place: string, problem: string, rule: string];

const IDENTITY: readonly Broken[] = [
  ["text that is not JSON", "{", "policy", "not valid JSON", "policies_grammar"],
  ["a list", "[]", "policy", "not a JSON object", "policies_grammar"],
  ["an unknown element", '{"Statements":[],"Statement":[]}', "policy", '"Statements"', "policies_grammar"],
  ["a key that is there twice", '{"Statement":[],"Statement":[]}', "Statement", "twice", "policies_grammar"],
  ["no statement", '{"Version":"2012-10-17"}', "Statement", "has no statement", "policies_grammar"],
  ["a statement that is a string", '{"Statement":"Allow"}', "Statement[0]", '"Allow"', "policies_grammar"],
  ["an unknown version", '{"Version":"2012-10-18","Statement":[]}', "Version", '"2012-10-18"', "elements_version"],
  ["a hyphen in a statement id", reads({ Sid: "InvokeFan-out" }), "Statement[0].Sid", "[0-9A-Za-z]*", "elements_sid"],
  ["a space in a statement id", reads({ Sid: "Read table" }), "Statement[0].Sid", '"Read table"', "elements_sid"],
  [
    "two statements with one id",
    policy(
      { Sid: "A", Effect: "Allow", Action: "dynamodb:Query", Resource: TABLE },
      { Sid: "A", Effect: "Deny", Action: "dynamodb:Scan", Resource: TABLE },
    ),
    "Statement",
    'the id "A"',
    "elements_sid",
  ],
  ["an unknown effect", reads({ Effect: "allow" }), "Statement[0].Effect", '"allow"', "policies_grammar"],
  ["no action", reads({ Action: undefined }), "Statement[0]", "no Action", "policies_grammar"],
  ["an empty list of actions", reads({ Action: [] }), "Statement[0].Action", "at least one", "policies_grammar"],
  ["both Action and NotAction", reads({ NotAction: "s3:*" }), "Statement[0]", "Action and NotAction", "grammar"],
  ["no resource", reads({ Resource: undefined }), "Statement[0]", "no Resource", "policies_grammar"],
  ["a resource that is an object", reads({ Resource: {} }), "Statement[0].Resource", "{}", "policies_grammar"],
  ["a principal", reads({ Principal: "*" }), "Statement[0]", "must not have Principal", "policies_grammar"],
  [
    "a resource that is not an ARN",
    reads({ Resource: "chat" }),
    "Statement[0].Resource",
    '"chat"',
    "elements_resource",
  ],
  [
    "an ARN of an unknown partition",
    reads({ Resource: "arn:amazon:dynamodb:eu-west-2:000000000000:table/chat" }),
    "Statement[0].Resource",
    "arn:amazon",
    "reference-arns",
  ],
  [
    "an unknown action",
    reads({ Action: "dynamodb:GetItems" }),
    "Statement[0].Action",
    "does not exist",
    "service-auth",
  ],
  ["an unknown service", reads({ Action: "dynamo:GetItem" }), "Statement[0].Action", "does not exist", "service-auth"],
  ["a pattern of no action", reads({ Action: "dynamodb:Fetch*" }), "Statement[0].Action", "does not exist", "service-"],
  [
    "an action on another type of resource",
    reads({ Action: "dynamodb:PutItem", Resource: `${TABLE}/index/by-name` }),
    "Statement[0].Resource",
    "works on the resource types table",
    "service-authorization",
  ],
  [
    "a resource that no action works on",
    reads({ Resource: [TABLE, "arn:aws:sqs:eu-west-2:000000000000:failed"] }),
    "Statement[0].Resource",
    'works on the resource "arn:aws:sqs',
    "service-authorization",
  ],
  [
    "an action without resource types on a named resource",
    reads({ Action: "xray:PutTraceSegments" }),
    "Statement[0].Resource",
    'needs "*"',
    "service-authorization",
  ],
  [
    "an action on objects for a bucket",
    reads({ Action: "s3:GetObject", Resource: "arn:aws:s3:::state" }),
    "Statement[0].Resource",
    "object",
    "service-authorization",
  ],
  [
    "an unknown operator",
    reads(when("StringIs", "aws:userid", "A")),
    "Statement[0].Condition",
    "StringIs",
    "operators",
  ],
  ["NullIfExists", reads(when("NullIfExists", "aws:userid", "true")), "Statement[0].Condition", "NullIf", "operators"],
  ["an operator without keys", reads({ Condition: { Bool: true } }), "Statement[0].Condition", "true", "grammar"],
  [
    "a key of another service",
    reads(when("StringEquals", "kms:ViaService", "a")),
    "Statement[0].Condition.StringEquals",
    "does not apply to dynamodb:Query",
    "service-authorization",
  ],
  [
    "a key that applies to one of two actions",
    reads({
      Action: ["dynamodb:Query", "dynamodb:DescribeTable"],
      ...when("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ["a"]),
    }),
    "Statement[0].Condition.ForAllValues:StringEquals",
    "does not apply to dynamodb:DescribeTable",
    "service-authorization",
  ],
  [
    "a request tag for an action that has none",
    reads(when("StringEquals", "aws:RequestTag/team", "chat")),
    "Statement[0].Condition.StringEquals",
    "aws:RequestTag/team",
    "service-authorization",
  ],
  [
    "an unknown key",
    reads({ Action: "*", Resource: "*", ...when("StringEquals", "dynamodb:Leader", "a") }),
    "Statement[0].Condition.StringEquals",
    "does not exist in AWS",
    "service-authorization",
  ],
  [
    "a key with several values and no set operator",
    reads(when("StringEquals", "dynamodb:LeadingKeys", "a")),
    "Statement[0].Condition.StringEquals",
    "Use ForAllValues or ForAnyValue",
    "single-vs-multi",
  ],
  [
    "a set operator on a key with one value",
    reads(when("ForAnyValue:StringEquals", "aws:RequestedRegion", "eu-west-2")),
    "Statement[0].Condition.ForAnyValue:StringEquals",
    "Remove ForAnyValue",
    "single-vs-multi",
  ],
  [
    "an operator for numbers on a Bool",
    reads(when("NumericEquals", "aws:SecureTransport", 1)),
    "Statement[0].Condition.NumericEquals",
    "has the type Bool",
    "operators",
  ],
  ...(
    [
      ["Bool", "aws:SecureTransport", "yes"],
      ["NumericLessThan", "aws:MultiFactorAuthAge", "soon"],
      ["DateLessThan", "aws:CurrentTime", "tomorrow"],
      ["ArnLike", "aws:PrincipalArn", "role/chat"],
      ["IpAddress", "aws:SourceIp", "10.0.0.0/33"],
      ["StringEquals", "aws:userid", {}],
      ["StringEquals", "aws:userid", []],
    ] as const
  ).map(([operator, key, value]): Broken => {
    const place = `Statement[0].Condition.${operator}.${key}`;
    return [`${JSON.stringify(value)} with ${operator}`, reads(when(operator, key, value)), place, key, "operators"];
  }),
];

const TRUST: readonly Broken[] = [
  ["a resource", trusts({ Resource: "*" }), "Statement[0]", "must not have Resource", "policies_grammar"],
  ["no principal", trusts({ Principal: undefined }), "Statement[0]", "no Principal", "policies_grammar"],
  [
    "an action of another service",
    trusts({ Action: "s3:*" }),
    "Statement[0].Action",
    "only actions of sts",
    "principal",
  ],
  [
    "a service without a domain",
    trusts({ Principal: { Service: "lambda" } }),
    "Statement[0].Principal.Service",
    "lambda",
    "principal",
  ],
  ["an unknown kind of principal", trusts({ Principal: { Aws: "*" } }), "Statement[0].Principal", '"Aws"', "principal"],
  ["a principal that is a string", trusts({ Principal: "lambda" }), "Statement[0].Principal", '"lambda"', "principal"],
  [
    "a role with a wildcard",
    trusts({ Principal: { AWS: "arn:aws:iam::000000000000:role/*" } }),
    "Statement[0].Principal.AWS",
    "without wildcards",
    "principal",
  ],
];

const RESOURCE: readonly Broken[] = [
  ["no principal", accepts({ Principal: undefined }), "Statement[0]", "no Principal", "policies_grammar"],
  ["no resource", accepts({ Resource: undefined }), "Statement[0]", "no Resource", "policies_grammar"],
  [
    "NotPrincipal with Allow",
    accepts({ Principal: undefined, NotPrincipal: { AWS: "000000000000" } }),
    "Statement[0].NotPrincipal",
    "supports it only with",
    "notprincipal",
  ],
  ["an unknown action", accepts({ Action: "sqs:Send" }), "Statement[0].Action", '"sqs:Send"', "service-authorization"],
];

const VALID: Readonly<Record<PolicyKind, readonly (readonly [name: string, document: string])[]>> = {
  identity: [
    ["a statement outside of a list", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`],
    [
      "an equal key in two objects",
      reads(when("Bool", "Action", "true")).replace('"Action":"true"', '"aws:SecureTransport":"true"'),
    ],
    ["an action in any case", reads({ Action: "DYNAMODB:QUERY" })],
    ["a pattern of actions", reads({ Action: "dynamodb:*Item" })],
    ["an index", reads({ Resource: [`${TABLE}/index/*`] })],
    [
      "NotAction and NotResource",
      reads({ Action: undefined, NotAction: "s3:*", Resource: undefined, NotResource: TABLE }),
    ],
    ["the partition aws-cn", reads({ Resource: TABLE.replace("arn:aws:", "arn:aws-cn:") })],
    ["the partition aws-us-gov", reads({ Resource: TABLE.replace("arn:aws:", "arn:aws-us-gov:") })],
    ["an ARN that ends early with a wildcard", reads({ Resource: "arn:aws:dynamodb:*" })],
    ["a policy variable", reads({ Resource: `${TABLE}-\${aws:username}` })],
    ["a set operator on a list", reads(when("ForAllValues:StringLike", "dynamodb:LeadingKeys", ["USER#*"]))],
    ["IfExists", reads(when("StringEqualsIfExists", "aws:RequestedRegion", "eu-west-2"))],
    ["Null on a list", reads(when("Null", "dynamodb:LeadingKeys", "false"))],
    ["a tag of the resource", reads(when("StringEquals", "aws:ResourceTag/team", "chat"))],
    ["a block of addresses", reads(when("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "2001:db8::/32"]))],
    ["an action without resource types", reads({ Action: "xray:PutTraceSegments", Resource: "*" })],
    [
      "connections of any API",
      reads({ Action: "execute-api:ManageConnections", Resource: "arn:aws:execute-api:*:*:*/@connections/*" }),
    ],
    [
      "streams of a log group",
      reads({ Action: "logs:PutLogEvents", Resource: "arn:aws:logs:eu-west-2:000000000000:log-group:/aws/lambda/a:*" }),
    ],
  ],
  trust: [
    ["a service", trusts()],
    ["a source account", trusts(when("StringEquals", "aws:SourceAccount", "000000000000"))],
    [
      "an identity provider",
      trusts({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com" },
        ...when("StringEquals", "token.actions.githubusercontent.com:sub", "repo:a/b:ref:refs/heads/main"),
      }),
    ],
  ],
  resource: [
    ["a service", accepts()],
    ["a source", accepts(when("ArnEquals", "aws:SourceArn", "arn:aws:events:eu-west-2:000000000000:rule/a"))],
    [
      "a bucket that requires TLS",
      policy({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::state", "arn:aws:s3:::state/*"],
        ...when("Bool", "aws:SecureTransport", "false"),
      }),
    ],
  ],
};

describe("iam/policy-rules", () => {
  for (const [kind, table] of Object.entries({ identity: IDENTITY, trust: TRUST, resource: RESOURCE })) {
    for (const [name, document, place, problem, rule] of table) {
      it(`rejects ${name} in a policy of the kind ${kind}`, async () => {
        const found = await policyViolations(document, kind as PolicyKind);
        const sought = found.filter((each) => each.place === place && each.problem.includes(problem));
        expect(sought, JSON.stringify(found, undefined, 1)).to.have.lengthOf(1);
        expect(sought[0]?.rule)
          .to.match(/^https:\/\/docs\.aws\.amazon\.com\//)
          .and.to.include(rule);
      });
    }
  }

  for (const [kind, table] of Object.entries(VALID)) {
    for (const [name, document] of table) {
      it(`accepts ${name} in a policy of the kind ${kind}`, async () => {
        expect(await policyViolations(document, kind as PolicyKind)).to.deep.equal([]);
      });
    }
  }

  it("finds all violations of a policy, not only the first", async () => {
    const found = await policyViolations(reads({ Sid: "a b", Effect: "Maybe", Action: "dynamodb:Fetch" }), "identity");
    expect(found.map(({ place }) => place)).to.have.members([
      "Statement[0].Sid",
      "Statement[0].Effect",
      "Statement[0].Action",
    ]);
  });
});
