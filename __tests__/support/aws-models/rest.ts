import type { HttpRequest, Parameters } from "./call.ts";
import { type Operation, type Reference, type ServiceModel, type Shape, shapeOf } from "./model.ts";
import { fromJson, fromXml, join, scalar, unknownMember, type Wire } from "./wire.ts";
import { parseXml } from "./xml.ts";

interface Route {
  readonly operation: Operation;
  readonly path: RegExp;
  /** What the query string must contain, such as `policy` of `PUT /bucket?policy`. */
  readonly constants: readonly (readonly [string, string])[];
  /** Characters outside of labels: the more, the more specific. */
  readonly literals: number;
}

interface Matched {
  readonly route: Route;
  readonly labels: Readonly<Record<string, string>>;
}

const routes = new WeakMap<ServiceModel, readonly Route[]>();

function routesOf(model: ServiceModel): readonly Route[] {
  // The names inside CloudFront's operations have its version as a suffix.
  const named = Object.entries(model.operations).map(([name, operation]) => ({ ...operation, name }));
  const known = routes.get(model) ?? named.map(routeOf);
  routes.set(model, known);
  return known;
}

function routeOf(operation: Operation): Route {
  const [path = "", query = ""] = operation.http.requestUri.split("?");
  const pattern = path
    .replace(/\/$/, "")
    .split(/(\{[^}]+\})/)
    .map((part) => (part.startsWith("{") ? label(part) : part.replaceAll(/[.*+?^$()[\]|\\]/g, "\\$&")))
    .join("");
  return {
    operation,
    path: new RegExp(`^${pattern}/?$`),
    constants: [...new URLSearchParams(query)],
    literals: path.replaceAll(/\{[^}]+\}/g, "").length,
  };
}

/** Names of groups have no hyphens. */
const groupName = (name: string): string => name.replaceAll("-", "_");

function label(part: string): string {
  const [, name = "", greedy] = /^\{([^+}]+)(\+?)\}$/.exec(part) ?? [];
  return `(?<${groupName(name)}>${greedy ? ".+" : "[^/]+"})`;
}

/** The operation whose method, path, constants and required headers fit best. */
export function matchRoute(model: ServiceModel, request: HttpRequest): Matched | undefined {
  const { pathname, searchParams } = new URL(request.url, "http://aws");
  const fitting = routesOf(model).flatMap((route): (Matched & { score: number })[] => {
    const { operation, path, constants, literals } = route;
    const matched = operation.http.method === request.method ? path.exec(pathname) : null;
    if (!matched || !constants.every(([name, value]) => searchParams.get(name) === value)) return [];
    const required = requiredElsewhere(model, operation, { request, query: searchParams });
    if (required === undefined) return [];
    const score = (operation.deprecated ? 0 : 1e6) + constants.length * 1e4 + literals * 100 + required;
    return [{ route, labels: matched.groups ?? {}, score }];
  });
  return fitting.sort((one, other) => other.score - one.score)[0];
}

/** How many required members are in headers and query. This distinguishes CopyObject from PutObject. */
function requiredElsewhere(
  model: ServiceModel,
  { input }: Operation,
  { request, query }: { request: HttpRequest; query: URLSearchParams },
): number | undefined {
  if (!input) return 0;
  const { members = {}, required = [] } = shapeOf(model, input.shape);
  const elsewhere = required
    .map((name) => members[name])
    .filter((of) => of?.location === "header" || of?.location === "querystring");
  const present = elsewhere.every((of) =>
    of?.location === "header"
      ? request.headers[of.locationName?.toLowerCase() ?? ""] !== undefined
      : query.has(of?.locationName ?? ""),
  );
  return present ? elsewhere.length : undefined;
}

/** Reads path, query string, headers and body. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function parametersFromRest(wire: Wire, request: HttpRequest, { route, labels }: Matched): Parameters {
  const { input } = route.operation;
  if (!input) return {};
  const shape = shapeOf(wire.model, input.shape);
  const read: Record<string, unknown> = {};
  const query = new URL(request.url, "http://aws").searchParams;
  for (const [name] of [...route.constants, ["x-id"]]) query.delete(name as string);
  for (const [member, of] of Object.entries(shape.members ?? {})) {
    const value = outsideOfBody(wire, of, { name: of.locationName ?? member, labels, query, headers: request.headers });
    if (value !== undefined) read[member] = value;
  }
  for (const name of query.keys()) wire.report(unknownMember(wire.model, input.shape, name));
  return { ...read, ...fromBody(wire, request.body, { name: input.shape, shape }) };
}

interface Outside {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

function outsideOfBody(wire: Wire, { shape, location }: Reference, { name, labels, query, headers }: Outside): unknown {
  const typed = (text: string | undefined): unknown => (text === undefined ? undefined : scalar(wire, shape, text));
  if (location === "uri") return typed(decoded(labels[groupName(name)]));
  if (location === "header") return typed(headers[name.toLowerCase()]);
  if (location === "headers") return headersAfter(headers, name.toLowerCase());
  return location === "querystring" ? fromQuery(wire, shape, { name, query }) : undefined;
}

const decoded = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : decodeURIComponent(text);

function headersAfter(headers: Readonly<Record<string, string>>, prefix: string): unknown {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length > 0
    ? Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
    : undefined;
}

/** Removes what it reads from the query. The rest is unknown. */
function fromQuery(wire: Wire, shape: string, { name, query }: { name: string; query: URLSearchParams }): unknown {
  const { type, member } = shapeOf(wire.model, shape);
  const values = query.getAll(name);
  if (values.length === 0) return undefined;
  query.delete(name);
  if (type === "list" && member) return values.map((value) => scalar(wire, member.shape, value));
  return scalar(wire, shape, values[0] as string);
}

function fromBody(wire: Wire, body: string, { name, shape }: { name: string; shape: Shape }): Parameters {
  const { payload, members = {} } = shape;
  const isXml = wire.model.metadata.protocol === "rest-xml";
  const of = payload ? members[payload] : undefined;
  if (payload && of) return fromPayload(wire, { body, isXml, of, payload });
  const hasMembers = Object.values(members).some(({ location }) => location === undefined);
  if (!body) return {};
  if (!hasMembers && isXml) return {};
  const read = isXml
    ? fromXml(wire, { shape: name, element: parseXml(body) }, "")
    : fromJson(wire, { shape: name, value: JSON.parse(body) }, "");
  return read as Parameters;
}

/** One member is the whole body. */
function fromPayload(
  wire: Wire,
  { body, isXml, of, payload }: { body: string; isXml: boolean; of: Reference; payload: string },
): Parameters {
  const { type } = shapeOf(wire.model, of.shape);
  if (type === "blob" || type === "string") return { [payload]: body };
  if (!body) return {};
  const path = join("", payload);
  return {
    [payload]: isXml
      ? fromXml(wire, { shape: of.shape, element: parseXml(body) }, path)
      : fromJson(wire, { shape: of.shape, value: JSON.parse(body) }, path),
  };
}
