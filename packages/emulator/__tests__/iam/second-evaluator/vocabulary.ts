/**
 * Policies and requests from small vocabularies, so that most patterns are close to a match. The header of
 * second-evaluator-test.ts lists what the vocabularies leave out.
 */
export const ACTIONS = ["dynamodb:GetItem", "dynamodb:PutItem", "execute-api:ManageConnections", "s3:GetObject"];

export const ACTION_PATTERNS = [
  ...ACTIONS,
  ...Array<string>(14).fill("*"),
  "*:*",
  "dynamodb:*",
  "DynamoDB:getitem",
  "dynamodb:?etItem",
  "dynamodb:*Item",
  "s3:Get*",
  "S3:GET*",
  "s3:Get",
  "execute-api:*Connection?",
];

export const RESOURCES = [
  "arn:aws:dynamodb:eu-west-2:000000000000:table/chat",
  "arn:aws:dynamodb:eu-west-2:000000000000:table/chat/index/by-user",
  "arn:aws:execute-api:eu-west-2:000000000000:abc123/dev/POST/@connections/L0SM9cOFvHcCIhw=",
  "arn:aws:s3:::bucket/red/été.txt",
  "arn:aws:s3:::bucket/Red/a*c",
  "arn:aws:s3:::bucket/😀/$5",
  "arn:aws:lambda:eu-west-2:000000000000:function:chat:live",
];

export const RESOURCE_PATTERNS = [
  ...RESOURCES,
  ...Array<string>(24).fill("*"),
  "arn:aws:dynamodb:*:*:table/chat",
  "arn:aws:dynamodb:*:table/chat*",
  "arn:aws:dynamodb:eu-*:000000000000:table/chat/*",
  "arn:aws:dynamodb:eu-west-?:000000000000:table/ch?t",
  "arn:aws:dynamodb:eu*2:000000000000:table/CHAT",
  "arn:aws:dynamodb:e*0:table/chat",
  "arn:aws:dynamodb:eu-west-2?000000000000:table/chat",
  "arn:aws:execute-api:*:*:abc123/*/POST/@connections/*",
  "arn:aws:execute-api:eu-west-2:000000000000:abc123/dev/*",
  "arn:aws:s3:::bucket/*",
  "arn:aws:s3:::bucket/?ed/*",
  "arn:aws:s3:::bucket/?/${$}5",
  "arn:aws:s3:::*/😀/*",
  "arn:aws:s3:::bucket/Red/a${*}c",
  "arn:aws:s3:::bucket/Red/a${?}c",
  "arn:aws:s3:::bucket/${aws:username}/*",
  "arn:aws:s3:::bucket/${AWS:UserName, 'red'}/*",
  "arn:aws:s3:::bucket/${aws:SourceAccount, 'Red'}/a*",
  "arn:aws:lambda:*:function:chat",
  "arn:aws:lambda:eu-west-2:*:function:chat:*",
  "arn:aws:lambda:eu-west-2:000000000000:function:c*t",
];

const VARIABLES = [
  "${aws:username}",
  "${AWS:USERNAME}",
  "${aws:SourceAccount}",
  "${aws:username, 'red'}",
  "x-${aws:username}",
];
const STRINGS = [
  "red",
  "Red",
  "RED",
  "été",
  "ÉTÉ",
  "été",
  "😀",
  "a*c",
  "abc",
  "r?d",
  "$5",
  "x-red",
  "two words",
  "line\nfeed",
  "5",
  "true",
];
const STRING_PATTERNS = [
  ...STRINGS,
  ...VARIABLES,
  ...[
    "",
    "*",
    "?",
    "??",
    "r*",
    "R*D",
    "*e*",
    "?ed",
    "r${?}d",
    "a${*}c",
    "${$}5",
    "${$}{aws:username}",
    "*${aws:username}",
    "x*",
    "*feed",
    "*😀",
    "?😀",
  ],
];
/** Values of variables. */
const NAMES = ["red", "Red", "été", "😀", "$5", "two words"];
const NUMBERS = [
  "5",
  "05",
  "5.0",
  "5.00",
  "-5",
  "0",
  "-0",
  "0.0",
  "10",
  "9",
  "3.14",
  "3",
  "3.141",
  "0.5",
  "-0.5",
  "1000000",
];
const DATES = [
  "2026-01-01T00:00:00Z",
  "2026-01-01T01:00:00+01:00",
  "2025-12-31T19:30:00-04:30",
  "2026-01-01",
  "2026-01",
  "2026-01-01T00:00Z",
  "2026-01-01T00:00:00.5Z",
  "2026-01-01T00:00:00.500Z",
  "1767225600",
  "1767225601",
  "0",
];
const ADDRESSES = ["203.0.113.7", "203.0.113.8", "10.1.2.3", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "2001:db8:1::1"];
const RANGES = [
  "203.0.113.7",
  "203.0.113.7/32",
  "203.0.113.0/29",
  "203.0.113.0/24",
  "0.0.0.0/0",
  "10.0.0.0/8",
  "2001:db8::/32",
  "2001:DB8::/48",
  "2001:db8::1/128",
  "::/0",
];
const ARNS = [
  "arn:aws:sns:eu-west-2:000000000000:red",
  "arn:aws:sns:eu-west-2:000000000000:Red",
  "arn:aws:execute-api:eu-west-2:000000000000:abc123/dev/$connect",
  "arn:aws:lambda:eu-west-2:000000000000:function:chat:live",
  "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
];
const ARN_PATTERNS = [
  ...ARNS,
  "arn:aws:sns:*:*:*",
  "arn:aws:sns:eu-*:000000000000:r?d",
  "arn:aws:sns:*:red:*",
  "arn:*:*:*:*:*",
  "arn:aws:execute-api:*:000000000000:abc123/*/$connect",
  "arn:aws:execute-api:*:000000000000:abc123/*/${$}connect",
  "arn:aws:lambda:eu-west-2:000000000000:function:*:live",
  "arn:aws:lambda:eu-west-2:000000000000:function?chat?live",
  "arn:aws:someservice:*:111122223333:finance/*",
  "arn:aws:lambda:*:chat:live",
  "arn:aws:*:function:*:live",
  "arn:aws:sns:eu-west-2:000000000000:${aws:username}",
  "arn:aws:sns:*:*:${aws:SourceAccount, 'red'}",
];
const BINARIES = ["QmluYXJ5VmFsdWVJbkJhc2U2NA==", "AAEC", "aaec", "/+8="];

/** The operators of a type, values of requests, and values of policies. */
export interface Kind {
  readonly operators: readonly string[];
  readonly requested: readonly string[];
  readonly allowed: readonly (string | number | boolean)[];
}

const comparisons = (name: string): string[] =>
  ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map((end) => name + end);

const strings = ["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"];
const arns = ["Equals", "NotEquals", "Like", "NotLike"];

const STRING: Kind = {
  operators: strings.map((end) => `String${end}`),
  requested: STRINGS,
  allowed: [...STRING_PATTERNS, 5, true],
};
export const KINDS: readonly Kind[] = [
  STRING,
  { operators: comparisons("Numeric"), requested: NUMBERS, allowed: [...NUMBERS, 5, -5, 3.14] },
  { operators: comparisons("Date"), requested: DATES, allowed: [...DATES, 1_767_225_600] },
  { operators: ["Bool"], requested: ["true", "false"], allowed: ["true", "false", true, false] },
  { operators: ["IpAddress", "NotIpAddress"], requested: ADDRESSES, allowed: RANGES },
  { operators: arns.map((end) => `Arn${end}`), requested: ARNS, allowed: ARN_PATTERNS },
  { operators: ["BinaryEquals"], requested: BINARIES, allowed: BINARIES },
];

/**
 * The emulator sets few condition keys, so their usual types do not cover all operators. Each profile gives them other
 * types: neither evaluator knows the type of a key.
 */
const SINGLE_KEYS = [
  "aws:RequestedRegion",
  "aws:PrincipalAccount",
  "aws:SourceArn",
  "aws:CurrentTime",
  "aws:SecureTransport",
  "kms:ViaService",
  "secretsmanager:SecretId",
];

/** A key with its type. */
export interface Key {
  readonly name: string;
  readonly kind: Kind;
  /** Whether requests can have several values of the key. */
  readonly isMultivalued?: boolean;
  /** Whether requests can have an empty string as the only value. */
  readonly isEmptyable?: boolean;
}

export const profile = (shift: number): readonly Key[] => [
  ...SINGLE_KEYS.map((name, index) => ({ name, kind: KINDS[(index + shift) % KINDS.length] as Kind })),
  { name: "secretsmanager:VersionStage", kind: STRING, isEmptyable: true },
  { name: "dynamodb:LeadingKeys", kind: KINDS[shift] as Kind, isMultivalued: true },
  ...["aws:username", "aws:SourceAccount"].map((name) => ({ name, kind: { ...STRING, requested: NAMES } })),
];
