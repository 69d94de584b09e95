import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stackName } from "../../infra/names.ts";
import type { Environment, StateBucket } from "../../infra/settings/settings.ts";

type Json = Readonly<Record<string, unknown>>;

/** Without `module`, whose code comes from elsewhere, and without `import`, which would show any resource of the account. */
const BLOCKS = ["//", "terraform", "provider", "resource", "data", "output", "locals", "moved", "removed"];

/** Other data sources can return tokens of the current role (`aws_eks_cluster_auth`) or send requests (`aws_ip_ranges`). */
const DATA_SOURCES = [
  "aws_caller_identity",
  "aws_iam_policy_document",
  "aws_partition",
  "aws_region",
  "aws_route53_zone",
];

/** Without `endpoints`, `assume_role` and `profile`, which define where credentials are sent and which ones are used. */
const PROVIDER_ARGUMENTS = ["region", "default_tags", "alias"];

/** Terraform also takes a list of objects for each of these; cdktf never writes one. */
const OBJECTS = ["terraform", "provider", "resource", "data"];

/** The blocks of a resource that run commands. */
const RUNNING = ["provisioner", "connection"];

/** Resources that upload a file. */
const OBJECT_TYPES = ["aws_s3_object", "aws_s3_bucket_object"];

/** Characters of an expression in a message. */
const SHOWN_MAX = 200;

/** The backend in an environment's settings. Throws if the state is a local file. */
export function expectedBackend(environment: Environment, bucket: StateBucket | undefined): Json {
  if (!environment.remoteState || !bucket) {
    throw new Error(
      `The environment "${environment.name}" keeps its state in a local file, which a workflow would lose. Set STATE_BUCKET and remoteState in infra/environments.ts, as docs/deploy.md describes.`,
    );
  }
  const key = `${stackName(environment)}.tfstate`;
  return { s3: { bucket: bucket.name, encrypt: true, key, region: bucket.region, use_lockfile: true } };
}

/** Returns what could run code or send credentials elsewhere in the Terraform of a stack's folder. */
export function terraformRefusals(folder: string, backend: Json): string[] {
  const text = readFileSync(join(folder, "cdk.tf.json"), "utf8");
  const stack: unknown = JSON.parse(text);
  // If a key occurs twice, Terraform reads two blocks, but JSON.parse only the last one.
  if (!isObject(stack) || JSON.stringify(stack, null, 2) !== withShortEmptyObjects(text)) {
    return ["cdk.tf.json is not as cdktf writes it: one object, indented by two spaces, each key once."];
  }
  const lists = OBJECTS.filter((block) => block in stack && !isObject(stack[block]));
  if (lists.length > 0) return [`Not an object: ${list(lists)}. cdktf writes each of them as one object.`];
  return [
    ...unknownKeys(stack, BLOCKS).map((block) => `It has the block ${block}; allowed: ${list(BLOCKS)}.`),
    ...unsafeExpressions(stack).map(
      (value) => `It has the expression ${value.slice(0, SHOWN_MAX)}; allowed: ${ALLOWED_EXPRESSIONS}.`,
    ),
    ...settingsRefusals(stack.terraform, backend),
    ...providerRefusals(stack.provider),
    ...resourceRefusals(objectOf(stack.resource)),
    ...unknownKeys(objectOf(stack.data), DATA_SOURCES).map(
      (type) => `It has the data source ${type}; allowed: ${list(DATA_SOURCES)}.`,
    ),
    ...RUNNING.filter((key) => hasKey([stack.resource, stack.removed], key)).map(
      (key) => `A resource has a ${key}, which runs commands; allowed: none.`,
    ),
  ];
}

function settingsRefusals(settings: unknown, backend: Json): string[] {
  const block = objectOf(settings);
  const { aws, ...others } = objectOf(block.required_providers);
  const isAws = isObject(aws) && /^((registry\.terraform\.io\/)?hashicorp\/)?aws$/.test(String(aws.source));
  const names = Object.keys(others);
  return [
    ...unknownKeys(block, ["required_providers", "backend"]).map(
      (key) => `Its terraform block has ${key}; allowed: required_providers, backend.`,
    ),
    ...(isAws && names.length === 0
      ? []
      : [`It requires the providers ${list(["aws", ...names])}; allowed: hashicorp/aws.`]),
    ...(isDeepStrictEqual(block.backend, backend)
      ? []
      : [
          `Its backend is ${JSON.stringify(block.backend)}; allowed: ${JSON.stringify(backend)}. Move a state manually.`,
        ]),
  ];
}

function providerRefusals(providers: unknown): string[] {
  const { aws, ...others } = objectOf(providers);
  const blocks = Array.isArray(aws) ? aws : [aws];
  const wrong = blocks.flatMap((block) =>
    isObject(block) ? unknownKeys(block, PROVIDER_ARGUMENTS) : ["no arguments"],
  );
  return [
    ...Object.keys(others).map((name) => `It configures the provider ${name}; allowed: aws.`),
    ...wrong.map((name) => `Its provider aws has ${name}; allowed: ${list(PROVIDER_ARGUMENTS)}.`),
  ];
}

const resourceRefusals = (resources: Json): string[] =>
  Object.entries(resources).flatMap(([type, named]) => {
    if (!type.startsWith("aws_")) return [`It has the resource type ${type}; allowed: those of the provider aws.`];
    const bodies = [named].flat().flatMap((names) => Object.values(objectOf(names)).flat());
    const providers = bodies.map((body) => objectOf(body).provider ?? "aws");
    return [
      ...providers
        .filter((provider) => !/^aws(\.[\w-]+)?$/.test(String(provider)))
        .map((provider) => `A resource of ${type} has the provider ${provider}; allowed: aws.`),
      ...(OBJECT_TYPES.includes(type) ? bodies.flatMap(sourceRefusals) : []),
    ];
  });

/** An object could publish any file of the machine, such as one with credentials. */
const sourceRefusals = (body: unknown): string[] => {
  const { source = "assets/" } = objectOf(body);
  const isOwn = typeof source === "string" && source.startsWith("assets/") && !source.includes("..");
  return isOwn ? [] : [`An S3 object has the source ${JSON.stringify(source)}; allowed: a file in assets.`];
};

/** Searches at any depth, because Terraform accepts one block or a list of blocks at each level. */
const hasKey = (value: unknown, key: string): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(([name, child]) => name === key || hasKey(child, key));

/** cdktf writes an empty object on two lines. A string in JSON cannot contain a line break. */
const withShortEmptyObjects = (json: string): string => json.replaceAll(/\{\n *\}/g, "{}");

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

const unknownKeys = (block: Json, known: readonly string[]): string[] =>
  Object.keys(block).filter((key) => !known.includes(key));

const list = (names: readonly string[]): string => names.join(", ");

/** Functions that read only their arguments. Functions such as `file` and `templatefile` could read credentials on this machine. */
const PURE = [
  "concat",
  "element",
  "join",
  "jsonencode",
  "md5",
  "one",
  "replace",
  "split",
  "tolist",
  "trimprefix",
  "trimsuffix",
];

const REFERENCE = String.raw`[a-z_]\w*(?:\.[\w-]+|\[\d+\]|\["[\w.$:/-]+"\])*`;
const ARGUMENT = String.raw`(?:${REFERENCE}|-?\d+|"[^"$%{}\\]*")`;
const callOf = (argument: string): string =>
  String.raw`(?:${PURE.join("|")})\(${argument}(?:, ?${argument})*\)(?:\.\w+|\[\d+\])*`;
/** Calls nested in two levels, as cdktf writes them. */
const CALL = callOf(`(?:${callOf(ARGUMENT)}|${ARGUMENT})`);
const SAFE = new RegExp(String.raw`\$\{(?:${REFERENCE}|${CALL})\}`, "g");

/** `$${` is the text `${`, not an expression. Three or more `$` in a row are ambiguous. */
const ESCAPED = /(?<!\$)\$\$\{|(?<!%)%%\{/g;

/**
 * Returns all expressions other than references and calls of pure functions. It recognizes what is safe, not what is unsafe,
 * so it does not have to parse expressions as Terraform does.
 */
export function unsafeExpressions(value: unknown): string[] {
  if (typeof value === "string") {
    const rest = value.replaceAll(ESCAPED, "\0").replaceAll(SAFE, "\0");
    return /[$%]\{/.test(rest) ? [value] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [...unsafeExpressions(key), ...unsafeExpressions(child)]);
}

export const ALLOWED_EXPRESSIONS = `a reference, or calls of ${PURE.join(", ")}`;

/** Terraform would also read any `*.tf`, `*.tfvars` and override file, and run any provider in `.terraform`. */
const ALLOWED =
  /^(cdk\.tf\.json|\.terraform\.lock\.hcl|assets\/[\w./-]+\.(zip|css|html|ico|js|map|png|svg|txt|webmanifest|webp|woff2))$/;

const AWS_PROVIDER = "registry.terraform.io/hashicorp/aws";

/** Returns a sentence for each file of a stack's folder that is not allowed. Throws if the folder does not exist. */
export function fileRefusals(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`The folder ${folder} does not exist. Synthesize the environment first: npm run synth.`);
  }
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => !entry.isDirectory());
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile()) return [`${name} is a link or a device; allowed: regular files.`];
    if (!ALLOWED.test(name))
      return [
        `${name} is not a file of a stack; allowed: cdk.tf.json, the lock, and in assets archives and files of a page.`,
      ];
    return name === ".terraform.lock.hcl" ? lockRefusals(readFileSync(path, "utf8")) : [];
  });
}

const lockRefusals = (lock: string): string[] =>
  [...lock.matchAll(/^\s*provider\s+"(.*)"/gm)]
    .filter(([, provider]) => provider !== AWS_PROVIDER)
    .map(([, provider]) => `.terraform.lock.hcl locks the provider ${provider}; allowed: ${AWS_PROVIDER}.`);
