import { Validator } from "@cfworker/json-schema";
import type { ModelsConfig } from "../terraform/routes.ts";

/** Evaluates a selection expression for a message. A missing value is an empty string. */
export type SelectKey = (body: string) => string;

const WHOLE = /^\$request\.body\.([\w.-]+)$/;
const VARIABLE = /\$\{request\.body\.([\w.-]+)\}/g;

/**
 * Compiles a selection expression for messages, which selects a route, a model or a template:
 * `$request.body.a.b`, `${request.body.a}/${request.body.b}`, or plain text.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function compileSelection(expression: string): SelectKey {
  const template = expression.replace(WHOLE, "$${request.body.$1}").replace(/^\\(?=\$default$)/, "");
  const rest = template.replaceAll(VARIABLE, "");
  if (rest !== "$default" && rest.includes("$")) {
    throw new Error(
      `The emulator does not support the selection expression "${expression}". Use $request.body.PATH, \${request.body.PATH}, or plain text.`,
    );
  }
  return (body) => {
    const json = parse(body);
    return template.replaceAll(VARIABLE, (_, path: string) => textOf(propertyAt(json, path)));
  };
}

/** Skips plain text without an attempt to parse it, because an exception costs more than all other steps. */
function parse(body: string): unknown {
  if (!/^\s*[[{]/.test(body)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * The property at a path such as `identity.sourceIp`. Ignores inherited properties, because clients choose the names.
 */
export const propertyAt = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (parent, name) =>
        typeof parent === "object" && parent !== null && Object.hasOwn(parent, name)
          ? (parent as Record<string, unknown>)[name]
          : undefined,
      value,
    );

/** No route key contains a value that is nested deeper. Without this limit, a message could exceed the call stack. */
const LEVELS_MAX = 100;

/**
 * Lists are printed in brackets (rule RT-02 in docs/api-gateway-rules.md). A missing value is an empty string (RT-03),
 * and so is one nested too deep.
 */
function textOf(value: unknown): string {
  if (value === undefined || isDeeper(value, LEVELS_MAX)) return "";
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

export type IsValidMessage = (body: string) => boolean;

/**
 * Compiles the request models of a route. The selection expression selects a model by the message; `$default` is the
 * fallback. A message without a model is invalid (RT-20 to RT-22). A route without models accepts every message.
 */
export function compileModels(models: ModelsConfig | undefined): IsValidMessage {
  if (!models) return () => true;
  const selectKey = compileSelection(models.selectionExpression);
  const validators = new Map(
    Object.entries(models.schemas).map(([key, schema]) => [key, new Validator(schema, "4")] as const),
  );
  return (body) => {
    const validator = validators.get(selectKey(body)) ?? validators.get("$default");
    const json = parseMessage(body);
    return validator !== undefined && json !== undefined && isValid(validator, json.value);
  };
}

/** A schema that refers to itself follows the nesting of the message, which can exceed the call stack. */
function isValid(validator: Validator, value: unknown): boolean {
  try {
    return validator.validate(value).valid;
  } catch (fault) {
    if (fault instanceof RangeError) return false;
    throw fault;
  }
}

function parseMessage(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}
