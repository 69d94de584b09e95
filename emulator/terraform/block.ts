import type { Attributes } from "./configuration.ts";

/** A nested block, which Terraform's JSON writes as an object or as a list of one; empty where it is not there. */
export const block = (value: unknown): Attributes =>
  (Array.isArray(value) ? (value[0] ?? {}) : (value ?? {})) as Attributes;
