import { called } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import { actionOf, type Plan } from "./plan.ts";
import { referred } from "./references.ts";
import type { Sides, Thing } from "./things.ts";
import type { Difference } from "./values.ts";

/** What becomes of a route. */
export interface RouteChange {
  /** `sendmessage` */
  readonly key: string;
  readonly does: "added" | "removed" | "changed";
  /** The function, by reference. */
  readonly leadsTo: Sided;
  readonly authorizer: Sided;
  /** `NONE` where everybody may call it. */
  readonly authorization: string | undefined;
  /** Of the route itself, and of its integration, authorizer and responses. */
  readonly differences: readonly Difference[];
}

export interface Sided {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What all routes stand on, and now ends: its connections with it, and its URL. */
export interface GatewayLoss {
  readonly called: Phrase;
  readonly does: "destroyed" | "replaced";
}

interface Route {
  readonly thing: Thing;
  readonly leadsTo: string | undefined;
  readonly authorizer: string | undefined;
  /** The addresses of all that makes it up. */
  readonly parts: readonly string[];
}

const GATEWAYS = ["aws_apigatewayv2_api", "aws_apigatewayv2_stage", "aws_apigatewayv2_domain_name"];

/** What the route is attached to, which is told in words. */
const ATTACHED_BY = ["api_id", "authorizer_id", "integration_uri", "route_id", "target"];

/** Types whose changes are told as those of routes. */
export const ROUTE_PARTS = ["route", "route_response", "integration", "authorizer"].map(
  (part) => `aws_apigatewayv2_${part}`,
);

/** What differs at an address. */
export type DifferencesAt = (address: string) => readonly Difference[];

export function routeChanges({ before, after }: Sides, differencesAt: DifferencesAt): RouteChange[] {
  const [old, now] = [routesOf(before), routesOf(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key): RouteChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const change = {
      key,
      leadsTo: { before: was?.leadsTo, after: is?.leadsTo },
      authorizer: { before: was?.authorizer, after: is?.authorizer },
      authorization: (is ?? was)?.thing.text("authorization_type"),
    };
    if (!was || !is) return [{ ...change, does: is ? "added" : "removed", differences: [] }];
    const differences = partDifferences([...was.parts, ...is.parts], differencesAt);
    const isAttachedAsBefore = [change.leadsTo, change.authorizer].every((sided) => sided.before === sided.after);
    return isAttachedAsBefore && differences.length === 0 ? [] : [{ ...change, does: "changed", differences }];
  });
}

export function gatewayLosses({ resource_changes }: Plan, { before }: Sides): GatewayLoss[] {
  const things = new Map(before.map((thing) => [thing.address, thing]));
  return resource_changes.flatMap(({ address, type, change }) => {
    const [thing, action] = [things.get(address), actionOf(change)];
    if (!thing || !GATEWAYS.includes(type) || !["delete", "replace"].includes(action)) return [];
    return [{ called: called(thing), does: action === "delete" ? "destroyed" : "replaced" }];
  });
}

function routesOf(things: readonly Thing[]): Map<string, Route> {
  const routes = things.filter(({ type }) => type === "aws_apigatewayv2_route");
  return new Map(routes.map((thing) => [thing.text("route_key") ?? thing.address, routeOf(thing, things)]));
}

function routeOf(thing: Thing, things: readonly Thing[]): Route {
  const [, target = ""] = /^integrations\/(.*)$/.exec(thing.text("target") ?? "") ?? [];
  const integration = things.find(({ address }) => address === referred(target)?.address);
  const authorizer = referred(thing.text("authorizer_id") ?? "")?.address;
  const responses = things.filter(
    (response) => response.type === "aws_apigatewayv2_route_response" && response.text("route_id") === thing.text("id"),
  );
  return {
    thing,
    leadsTo: integration?.text("integration_uri"),
    authorizer,
    parts: [thing, integration, ...responses].flatMap((part) => part?.address ?? []).concat(authorizer ?? []),
  };
}

/** `timeout_milliseconds` of the integration is `integration.timeout_milliseconds`. */
function partDifferences(addresses: readonly string[], differencesAt: DifferencesAt): Difference[] {
  return [...new Set(addresses)].flatMap((address) => {
    const part = address.replace(/^aws_apigatewayv2_(\w+)\..*$/, "$1");
    return differencesAt(address)
      .filter(({ path }) => !ATTACHED_BY.includes(path))
      .map((difference) => ({
        ...difference,
        path: part === "route" ? difference.path : `${part}.${difference.path}`,
      }));
  });
}
