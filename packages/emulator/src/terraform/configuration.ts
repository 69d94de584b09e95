import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A value of Terraform's JSON syntax. https://developer.hashicorp.com/terraform/language/syntax/json */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = Readonly<Record<string, Value>>;

/** Attributes by resource type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A stack in Terraform's JSON syntax, synthesized or written by hand. */
export interface Configuration {
  readonly region: string;
  readonly resource: Resources;
  /** Data sources. */
  readonly data: Resources;
  /** Tags that the provider adds to each resource. */
  readonly defaultTags: Attributes;
}

/** CDKTF writes `cdk.tf.json`; a stack written by hand is in `main.tf.json`. */
const FILES = ["cdk.tf.json", "main.tf.json"];

/** Blocks that do not affect the emulation. */
const IGNORED_BLOCKS = ["terraform", "provider", "output"];

/**
 * Reads the Terraform of a folder, without the metadata that CDKTF adds.
 * Throws if the folder contains no Terraform, or a block that the emulator does not support.
 */
export function readConfiguration(stackDirectory: string): Configuration {
  const path = join(stackDirectory, fileIn(stackDirectory));
  const { resource = {}, data = {}, ...rest } = parse(path) as { resource?: Value; data?: Value } & Attributes;
  const unknown = Object.keys(rest).find((name) => !IGNORED_BLOCKS.includes(name));
  if (unknown) {
    throw new Error(
      `The emulator does not support the block "${unknown}" in ${path}. It supports resource, data, ${IGNORED_BLOCKS.join(", ")}. Declare the resources in this file.`,
    );
  }
  const { default_tags } = block(block(rest.provider).aws);
  return {
    region: regionOf(rest, path),
    resource: resourcesOf(resource),
    data: resourcesOf(data),
    defaultTags: block(block(default_tags).tags),
  };
}

/** Terraform reads all files of a folder, so a folder with other files is refused. */
function fileIn(folder: string): string {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${folder} is not a folder. Pass a folder that contains ${FILES.join(" or ")}.`);
  }
  const found = readdirSync(folder).filter((name) => /\.tf(\.json)?$/.test(name));
  const file = FILES.find((name) => found.includes(name));
  const others = found.filter((name) => name !== file);
  if (file !== undefined && others.length === 0) return file;
  if (others.some((name) => name.endsWith(".tf"))) {
    throw new Error(
      `The folder ${folder} contains Terraform in HCL: ${others.join(", ")}. The emulator reads only Terraform in JSON syntax, from one file: ${FILES.join(" or ")}. Convert the HCL to JSON, for example with hcl2json (https://github.com/tmccombs/hcl2json), and pass a folder that contains only the result and the function archives.`,
    );
  }
  const content = others.length > 0 ? `contains ${found.join(", ")}` : "contains no Terraform";
  throw new Error(
    `The folder ${folder} ${content}. The emulator reads one file, ${FILES.join(" or ")}. Synthesize the stack, put its resources into that file, or check the folder.`,
  );
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"), (name, value) => (name === "//" ? undefined : value));
  } catch (fault) {
    const { message } = fault as Error;
    throw new Error(`Cannot read Terraform from ${path}: ${message}. Synthesize the stack, or check the folder.`, {
      cause: fault,
    });
  }
}

function regionOf({ provider }: Attributes, path: string): string {
  const { region } = block(block(provider).aws);
  if (typeof region === "string" && /^[a-z\d-]+$/.test(region)) return region;
  throw new Error(
    `${path} has no valid region. Set "region" in the block of the provider "aws" to a literal such as "eu-west-2".`,
  );
}

/** Terraform's JSON allows each block to be in a list of one. An attribute that is null is absent. */
function resourcesOf(resource: Value): Resources {
  const byType = Object.entries(block(resource));
  return Object.fromEntries(
    byType.map(([type, byId]) => [
      type,
      mapEntries(block(byId), (attributes) =>
        Object.fromEntries(Object.entries(block(attributes)).filter(([, value]) => value !== null)),
      ),
    ]),
  );
}

/** All blocks of one kind. A single block can be bare or in a list. */
export const blocks = (value: Value | undefined): readonly Attributes[] =>
  value === undefined || value === null ? [] : ([value].flat() as readonly Attributes[]);

/** The only block of its kind; empty if it is absent. */
export const block = (value: Value | undefined): Attributes => blocks(value)[0] ?? {};

export const mapEntries = <In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In, name: string) => Out,
): Record<string, Out> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));

/** The stack cannot be played. The message lists all reasons. */
export class StackError extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    const all = [...new Set(reasons)];
    const [only = ""] = all;
    super(
      all.length === 1 ? only : [`The emulator refuses the stack for ${all.length} reasons:`, ...all].join("\n  - "),
    );
    this.name = "StackError";
    this.reasons = all;
  }
}

export const resourcesOfType = (resources: Resources, type: string): Attributes[] =>
  Object.values(resources[type] ?? {});

/** Each resource of a type with its address in Terraform, such as `aws_iam_role.connect`. */
export const resourcesByAddress = (resources: Resources, type: string): [string, Attributes][] =>
  Object.entries(resources[type] ?? {}).map(([id, attributes]) => [`${type}.${id}`, attributes]);

/** Returns the only resource of a type. Throws unless the stack has exactly one. */
export function onlyResource(resources: Resources, type: string): Attributes {
  const found = resourcesOfType(resources, type);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`The stack has ${found.length} resources of the type ${type}. The emulator requires exactly one.`);
}

/** Returns the resource of a type to which another resource refers. `from` describes the other resource, for the error. */
export function relatedResource(
  resources: Resources,
  type: string,
  { where, from }: { readonly where: (attributes: Attributes) => boolean; readonly from: string },
): Attributes {
  const found = resourcesOfType(resources, type).find(where);
  if (found) return found;
  throw new Error(`${from} refers to an ${type} that is not in the stack. Add it, or correct the reference.`);
}
