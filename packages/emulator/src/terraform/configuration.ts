import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A value of Terraform's JSON syntax. https://developer.hashicorp.com/terraform/language/syntax/json */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = Readonly<Record<string, Value>>;

/** Attributes by resource type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A stack as it was synthesized, or written by hand in Terraform's JSON. */
export interface Configuration {
  readonly region: string;
  readonly resource: Resources;
  /** What Terraform looks up. */
  readonly data: Resources;
  /** Tags that the provider adds to each resource. */
  readonly defaultTags: Attributes;
}

/** What cdktf writes, and what a folder without cdktf has. */
const FILES = ["cdk.tf.json", "main.tf.json"];

/** Blocks that say nothing of what runs. */
const PASSED_OVER = ["terraform", "provider", "output"];

/**
 * Reads a folder's Terraform, without cdktf's own notes in it.
 * Throws when there is none, or when it holds blocks that are neither resources nor data, and not without effect.
 */
export function readConfiguration(stackDirectory: string): Configuration {
  const path = join(stackDirectory, FILES.find((file) => existsSync(join(stackDirectory, file))) ?? "cdk.tf.json");
  const { resource = {}, data = {}, ...rest } = parse(path) as { resource?: Value; data?: Value } & Attributes;
  const unknown = Object.keys(rest).find((name) => !PASSED_OVER.includes(name));
  if (unknown) {
    throw new Error(
      `The emulator cannot play the block "${unknown}" of ${path}. It knows resource, data, ${PASSED_OVER.join(", ")}.`,
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

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"), (name, value) => (name === "//" ? undefined : value));
  } catch (fault) {
    throw new Error(`${path} could not be read as synthesized Terraform: ${(fault as Error).message}`, {
      cause: fault,
    });
  }
}

function regionOf({ provider }: Attributes, path: string): string {
  const { region } = block(block(provider).aws);
  if (typeof region === "string" && /^[a-z\d-]+$/.test(region)) return region;
  throw new Error(`${path} names no region. The emulator reads it from the block of the provider "aws".`);
}

/** Each resource is a block, and so may stand in a list of one. */
function resourcesOf(resource: Value): Resources {
  const byType = Object.entries(block(resource));
  return Object.fromEntries(
    byType.map(([type, byId]) => [
      type,
      Object.fromEntries(Object.entries(block(byId)).map(([id, attributes]) => [id, block(attributes)])),
    ]),
  );
}

/** All blocks of one kind: Terraform's JSON has a single one bare or in a list. */
export const blocks = (value: Value | undefined): readonly Attributes[] =>
  value === undefined || value === null ? [] : ([value].flat() as readonly Attributes[]);

/** The only block of its kind, empty where it is not there. */
export const block = (value: Value | undefined): Attributes => blocks(value)[0] ?? {};

/** The same names, with other values. */
export const mapEntries = <In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In, name: string) => Out,
): Record<string, Out> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
