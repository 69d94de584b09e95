import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A value of Terraform's JSON syntax. https://developer.hashicorp.com/terraform/language/syntax/json */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = Readonly<Record<string, Value>>;

/** Attributes by resource type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A stack as cdktf wrote it. */
export interface Configuration {
  readonly provider: { readonly aws: readonly [{ readonly region: string }] };
  readonly resource: Resources;
}

/** Reads `cdk.tf.json` of a synthesized stack, without cdktf's own notes in it. Throws when there is none. */
export function readConfiguration(stackDirectory: string): Configuration {
  const path = join(stackDirectory, "cdk.tf.json");
  try {
    return JSON.parse(readFileSync(path, "utf8"), (name, value) => (name === "//" ? undefined : value));
  } catch (fault) {
    throw new Error(`${path} could not be read as synthesized Terraform: ${(fault as Error).message}`, {
      cause: fault,
    });
  }
}
