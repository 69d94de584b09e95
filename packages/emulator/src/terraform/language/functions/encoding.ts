import { createHash } from "node:crypto";
import type { TerraformFunction } from "../terraform-function.ts";
import { EvaluationFault, plain, type Result, toText } from "../values.ts";

type Encoding = "hex" | "base64";

export const digest = (algorithm: string, content: string | Uint8Array, encoding: Encoding = "hex"): string =>
  createHash(algorithm).update(content).digest(encoding);

/** Escapes the characters that Go escapes. */
const jsonOf = (value: Result): string =>
  JSON.stringify(plain(value)).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function parseJson(text: string): Result {
  try {
    return JSON.parse(text) as Result;
  } catch (fault) {
    throw new EvaluationFault(`The text is not valid JSON: ${(fault as Error).message}.`);
  }
}

/** https://go.dev/pkg/net/url/#QueryEscape */
const urlEncode = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

const hash =
  (algorithm: string, encoding?: Encoding): TerraformFunction =>
  ([value = null]) =>
    digest(algorithm, toText(value), encoding);

/** https://developer.hashicorp.com/terraform/language/functions, "Encoding Functions" and "Hash and Crypto Functions" */
export const encodingFunctions: Readonly<Record<string, TerraformFunction>> = {
  base64decode: ([value = null]) => Buffer.from(toText(value), "base64").toString("utf8"),
  base64encode: ([value = null]) => Buffer.from(toText(value)).toString("base64"),
  base64sha256: hash("sha256", "base64"),
  base64sha512: hash("sha512", "base64"),
  jsondecode: ([value = null]) => parseJson(toText(value)),
  jsonencode: ([value = null]) => jsonOf(value),
  md5: hash("md5"),
  sha1: hash("sha1"),
  sha256: hash("sha256"),
  sha512: hash("sha512"),
  urlencode: ([value = null]) => urlEncode(toText(value)),
};
