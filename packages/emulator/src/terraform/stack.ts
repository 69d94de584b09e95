import { statSync } from "node:fs";
import { basename } from "node:path";
import type { Role } from "../iam/principal.ts";
import { codeArchives, type MadeArchive } from "./code-archives.ts";
import { type Attributes, attempt, block, type Resources, resourcesByAddress, StackError } from "./configuration.ts";
import { dataSources } from "./data-sources/data-sources.ts";
import { type EventRuleConfig, eventBusesOf, eventRulesOf } from "./event-rules.ts";
import { type FunctionUrlConfig, functionUrlsOf } from "./function-urls.ts";
import { type FunctionConfig, functionsOf, type QueueConfig, queuesOf, unsupportedFunctions } from "./functions.ts";
import { generatedValues } from "./generated-values.ts";
import { separateHttpApis } from "./http-apis.ts";
import type { Instance } from "./language/instance.ts";
import { loadPlan } from "./load-plan.ts";
import { ACCOUNT_ID, type LoadedStack, type LoadOptions, loadStack } from "./load-stack.ts";
import { isNotPlayed, isNotPlayedAttribute } from "./not-played.ts";
import { resolvable, resolveInstances } from "./resolve.ts";
import { rolesOf } from "./roles.ts";
import { type RouteConfig, routesOf } from "./routes.ts";
import { attributeRules } from "./rules/attributes.ts";
import { declaredFindings, resolvedFindings, sentence } from "./rules/rules.ts";
import { type ScheduleConfig, schedulesOf } from "./schedules.ts";
import { type SecretConfig, secretsOf } from "./secrets.ts";
import { type StageConfig, stageOf } from "./stage.ts";
import { hasNoEffect, hasSupport, isSupported, unsupportedAttributes, unsupportedResource } from "./supported.ts";
import { synthesizedFolder } from "./synthesized-folder.ts";
import { type TableConfig, tablesOf } from "./tables.ts";

/** A stack as the emulator plays it. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly stage: StageConfig;
  readonly routes: readonly RouteConfig[];
  readonly functions: readonly FunctionConfig[];
  readonly functionUrls: readonly FunctionUrlConfig[];
  /** The archives of functions that the emulator makes. */
  readonly archives: readonly MadeArchive[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly queues: readonly QueueConfig[];
  readonly tables: readonly TableConfig[];
  readonly secrets: readonly SecretConfig[];
  readonly schedules: readonly ScheduleConfig[];
  /** The names of the event buses. */
  readonly eventBuses: readonly string[];
  readonly eventRules: readonly EventRuleConfig[];
  /** Resource types of the stack that the emulator ignores, because they have no effect locally. */
  readonly notPlayed: readonly string[];
  /** A sentence for each thing that AWS accepts but that is probably a mistake, such as an action that does not exist. */
  readonly warnings: readonly string[];
}

export interface StackOptions extends LoadOptions {
  /** Whether policies are evaluated; default: true. Without, policies that the emulator cannot evaluate are accepted. */
  readonly iam?: boolean;
}

/**
 * Reads the Terraform of a folder. Rejects with everything that the emulator does not support, and everything that AWS or
 * Terraform would refuse.
 */
export async function readStack(stackDirectory: string, { iam = true, ...options }: StackOptions = {}): Promise<Stack> {
  const all = await load(stackDirectory, options);
  requireApi(all);
  const { played, others } = separateHttpApis(all.resources);
  const loaded = { ...all, resources: played };
  const { onRead = () => undefined } = options;
  const code = codeArchives({ folder: loaded.folder, onRead }, [...loaded.data, ...loaded.resources]);
  const archivePath = code.pathOf;
  const { resources, warnings, reasons, isResolved } = await resolveAndCheck(loaded, { iam, archivePath });
  // A missing value would lead to misleading reasons.
  const parts = isResolved ? partsOf(resources, { iam, archivePath }, reasons) : undefined;
  if (!parts || reasons.length > 0) throw new StackError(reasons.map(loaded.locate));
  return {
    ...(parts as Pick<Stack, keyof typeof parts>),
    name: basename(loaded.folder),
    region: loaded.region,
    accountId: ACCOUNT_ID,
    archives: code.made,
    notPlayed: [...notPlayedIn(loaded), ...others.map(({ label }) => `${label} (HTTP API)`)],
    warnings: [...loaded.warnings, ...warnings, ...provisionerWarnings(loaded.resources)].map(loaded.locate),
  };
}

function load(
  path: string,
  { environment = process.env, onRead = () => undefined, ...options }: LoadOptions,
): Promise<LoadedStack> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile())
    return Promise.resolve(loadPlan(path, { environment, onRead }));
  return loadStack(synthesizedFolder(path, onRead), { environment, onRead, ...options });
}

/** A part is undefined if it adds a reason. */
function partsOf(resources: Resources, { iam, archivePath }: CheckOptions, reasons: string[]) {
  const read = <Part>(part: () => Part): Part | undefined => attempt(part, reasons);
  const stage = read(() => stageOf(resources));
  const roles = iam ? read(() => rolesOf(resources)) : new Map();
  return {
    stage,
    routes: stage && read(() => routesOf(resources, stage, roles ?? new Map())),
    functions: read(() => functionsOf(resources, archivePath)),
    functionUrls: read(() => functionUrlsOf(resources)),
    roles,
    queues: queuesOf(resources),
    tables: read(() => tablesOf(resources)),
    secrets: read(() => secretsOf(resources)),
    schedules: read(() => schedulesOf(resources)),
    eventBuses: eventBusesOf(resources),
    eventRules: read(() => eventRulesOf(resources)),
  };
}

function requireApi({ resources, folder }: LoadedStack): void {
  if (resources.some(({ type }) => type === "aws_apigatewayv2_api")) return;
  throw new StackError([
    `The Terraform in ${folder} contains no WebSocket API: no aws_apigatewayv2_api with the protocol type WEBSOCKET. Pass the folder that declares it.`,
  ]);
}

/** AWS requires some attributes that have no effect locally, so their values are checked. */
const isOptional = (type: string, attribute: string): boolean =>
  hasNoEffect(type, attribute) && !attributeRules[type]?.required?.some((path) => path.split(".")[0] === attribute);

const POLICIES = ["policy", "inline_policy", "assume_role_policy"];

/** Resources that only have values for others, and are neither played nor listed. */
const isValue = (type: string): boolean => type === "archive_file" || Object.hasOwn(generatedValues, type);

interface Checked {
  readonly resources: Resources;
  readonly warnings: readonly string[];
  /** Why the stack is refused. */
  readonly reasons: string[];
  /** Whether all attributes that the emulator needs have a value. */
  readonly isResolved: boolean;
}

/** Returns the resources with resolved references. Resources that are not played are checked too, because AWS checks them. */
async function resolveAndCheck(loaded: LoadedStack, { iam, archivePath }: CheckOptions): Promise<Checked> {
  const played = loaded.resources.filter(({ type }) => !isNotPlayed(type) && !isValue(type));
  const supported = played.filter(({ type }) => isSupported(type));
  const { resources, faults } = resolveInstances(supported, {
    isOptional: (type, name) => isOptional(type, name) || !hasSupport(type, name),
    isOmitted: isNotPlayedAttribute,
  });
  const all = [...loaded.faults, ...faults];
  const faulted = new Set(all.map(({ address }) => address));
  const isWhole = ({ address }: { readonly address: string }) => !faulted.has(address);
  const findings = [
    ...(all.length === 0 ? findingsOf(loaded) : []),
    ...(await resolvedFindings(resources)).filter(isWhole),
  ];
  const needed = all.filter(({ attribute }) => iam || !POLICIES.includes(attribute.replace(/\..*$/s, "")));
  const reasons = [
    ...loaded.reasons,
    ...played.filter(({ type }) => !isSupported(type)).map(({ type, resource }) => unsupportedResource(type, resource)),
    ...supported.flatMap((instance) => unsupportedIn(instance, resources)),
    ...regionReasons(supported, loaded),
    ...unsupportedFunctions(resources)
      .filter(isWhole)
      .map(({ reason }) => reason),
    ...archiveReasons(resources, archivePath)
      .filter(isWhole)
      .map(({ reason }) => reason),
    ...needed.map(({ reason }) => reason).filter((reason) => reason !== ""),
    ...findings.filter(({ isWarning }) => !isWarning).map(sentence),
  ];
  const warnings = findings.filter(({ isWarning }) => isWarning).map(sentence);
  return { resources, warnings, reasons, isResolved: needed.length === 0 && loaded.reasons.length === 0 };
}

type ArchivePath = (lambda: Attributes, address: string) => string;

interface CheckOptions {
  readonly iam: boolean;
  readonly archivePath: ArchivePath;
}

/** A sentence for each function whose code does not exist. */
const archiveReasons = (resources: Resources, archivePath: ArchivePath): { address: string; reason: string }[] =>
  resourcesByAddress(resources, "aws_lambda_function").flatMap(([address, lambda]) => {
    const reasons: string[] = [];
    attempt(() => archivePath(lambda, address), reasons);
    return reasons.map((reason) => ({ address, reason }));
  });

function findingsOf({ modules, resources, defaultTags, graph }: LoadedStack) {
  const all = resolvable(resources);
  return declaredFindings({
    modules: modules.map(({ tree }) => tree.files.resource),
    resources: all,
    graph: graph(),
    defaultTags,
  });
}

function unsupportedIn(instance: Instance, resources: Resources): string[] {
  const { type, id, label } = instance;
  const resolved = resources[type]?.[id] ?? {};
  const declared = instance.declaredNames.filter((name) => !isNotPlayedAttribute(type, name));
  // An unsupported attribute is refused even if its expression cannot be resolved.
  const known = declared.filter((name) => Object.hasOwn(resolved, name) || !isResolvable(instance, name));
  return unsupportedAttributes(type, label, Object.fromEntries(known.map((name) => [name, resolved[name] ?? "?"])));
}

function isResolvable(instance: Instance, name: string): boolean {
  try {
    instance.get(name);
    return true;
  } catch {
    return hasSupport(instance.type, name);
  }
}

/** A resource of a provider with an alias can be in another region. */
const regionReasons = (instances: readonly Instance[], { aliases, region }: LoadedStack): string[] =>
  instances.flatMap(({ label, body }) => {
    const [, alias = ""] = /^(?:\$\{)?aws\.([\w-]+)/.exec(String(body.provider ?? "")) ?? [];
    const own = aliases[alias] ?? region;
    if (own === region || label.startsWith("module.")) return [];
    return [
      `${label} is in the region ${own}, because of its provider aws.${alias}. The emulator plays only the region ${region} of the provider without an alias. Remove "provider", or the resource.`,
    ];
  });

/** Types, attributes in the form `type.attribute`, and data sources that the emulator cannot read but that nothing needs. */
function notPlayedIn({ resources, data }: LoadedStack): string[] {
  const names = [...resources, ...data].flatMap(({ type, declaredNames, body }) => [
    ...(isNotPlayed(type) && !isValue(type) ? [type] : []),
    ...declaredNames
      .filter((name) => isNotPlayedAttribute(type, name) && body[name] !== false)
      .map((name) => `${type}.${name}`),
  ]);
  const unread = data.filter(({ type }) => !Object.hasOwn(dataSources, type) && !isNotPlayed(type));
  return [...new Set([...names, ...unread.map(({ type }) => `data.${type}`)])];
}

const provisionerWarnings = (resources: readonly Instance[]): string[] =>
  resources.flatMap(({ label, body }) =>
    Object.keys(block(body.provisioner)).map(
      (kind) =>
        `${label} has a provisioner ${kind}, which the emulator does not run. If the functions need its result, such as installed packages, run its command yourself.`,
    ),
  );
