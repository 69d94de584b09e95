/** Gives the route key that a message selects; "" when its expression finds nothing. */
export type SelectRouteKey = (body: string) => string;

const WHOLE = /^\$request\.body\.([\w.-]+)$/;
const VARIABLE = /\$\{request\.body\.([\w.-]+)\}/g;

/**
 * Prepares a route selection expression: `$request.body.a.b`, `${request.body.a}/${request.body.b}`, or plain text.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function routeSelection(expression: string): SelectRouteKey {
  const template = expression.replace(WHOLE, "$${request.body.$1}").replace(/^\\(?=\$default$)/, "");
  const rest = template.replaceAll(VARIABLE, "");
  if (rest !== "$default" && rest.includes("$")) {
    throw new Error(
      `The emulator cannot play the selection expression ${expression}. It knows paths of $request.body.`,
    );
  }
  return (body) => {
    const json = parse(body);
    return template.replaceAll(VARIABLE, (_, path: string) => textOf(at(json, path.split("."))));
  };
}

/** What is no JSON has no values to select by, and plain text need not be tried: an exception costs more than the rest. */
function parse(body: string): unknown {
  if (!/^\s*[[{]/.test(body)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );

/** Values become text: numbers and booleans as they print, lists in brackets (RT-02), what is missing "" (RT-03). */
function textOf(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
