import { called } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import { type Action, actionOf, type Plan } from "./plan.ts";
import { referred } from "./references.ts";
import type { ResourceState, Sides } from "./resource-states.ts";
import type { Difference } from "./values.ts";

/** A route that changes. */
export interface RouteChange {
  /** `sendmessage` */
  readonly key: string;
  readonly does: "added" | "removed" | "changed";
  /** The function, by reference. */
  readonly leadsTo: Sided;
  readonly authorizer: Sided;
  /** The authorizer's function, by reference, if the function changes and the authorizer does not. */
  readonly authorizerLeadsTo: Sided;
  /** `NONE` if anonymous clients can call the route. */
  readonly authorization: string | undefined;
  /** Differences of the route, its integration, authorizer and responses. */
  readonly differences: readonly Difference[];
}

export interface Sided {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** An API, stage or domain that all routes require. If it is deleted, its connections are closed and its URL stops working. */
export interface GatewayLoss {
  readonly called: Phrase;
  readonly does: "destroyed" | "replaced" | "replaced and forgotten";
}

interface Route {
  readonly state: ResourceState;
  readonly leadsTo: string | undefined;
  readonly authorizer: string | undefined;
  readonly authorizerLeadsTo: string | undefined;
  /** The addresses of the route and its integration, authorizer and responses. */
  readonly parts: readonly string[];
}

const GATEWAYS = ["aws_apigatewayv2_api", "aws_apigatewayv2_stage", "aws_apigatewayv2_domain_name"];

const GATEWAY_LOSSES: Readonly<Partial<Record<Action, GatewayLoss["does"]>>> = {
  delete: "destroyed",
  replace: "replaced",
  "replace and forget": "replaced and forgotten",
};

/** The attributes that attach a route to other resources. The review describes them in words. */
const ATTACHED_BY = ["api_id", "authorizer_id", "authorizer_uri", "integration_uri", "route_id", "target"];

/** The differences of the resource at an address. */
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
      authorizerLeadsTo: authorizingFunctions(was, is),
      authorization: (is ?? was)?.state.text("authorization_type"),
    };
    if (!was || !is) return [{ ...change, does: is ? "added" : "removed", differences: [] }];
    const differences = partDifferences([...was.parts, ...is.parts], differencesAt);
    const attached = [change.leadsTo, change.authorizer, change.authorizerLeadsTo];
    const isAttachedAsBefore = attached.every((sided) => sided.before === sided.after);
    return isAttachedAsBefore && differences.length === 0 ? [] : [{ ...change, does: "changed", differences }];
  });
}

/** Describes a changed authorizer, or the changed function of an authorizer that stays. */
const authorizingFunctions = (was: Route | undefined, is: Route | undefined): Sided =>
  was?.authorizer === is?.authorizer
    ? { before: was?.authorizerLeadsTo, after: is?.authorizerLeadsTo }
    : { before: undefined, after: undefined };

/** The addresses of resources whose changes are reported as changes of routes. */
export const routeParts = ({ before, after }: Sides): ReadonlySet<string> =>
  new Set([before, after].flatMap((states) => [...routesOf(states).values()].flatMap(({ parts }) => parts)));

export function gatewayLosses({ resource_changes }: Plan, { before }: Sides): GatewayLoss[] {
  const states = new Map(before.map((state) => [state.address, state]));
  return resource_changes.flatMap(({ address, type, change }) => {
    const [state, action] = [states.get(address), actionOf(change)];
    const does = GATEWAY_LOSSES[action];
    return state && does && GATEWAYS.includes(type) ? [{ called: called(state), does }] : [];
  });
}

function routesOf(states: readonly ResourceState[]): Map<string, Route> {
  const routes = states.filter(({ type }) => type === "aws_apigatewayv2_route");
  return new Map(routes.map((state) => [state.text("route_key") ?? state.address, routeOf(state, states)]));
}

function routeOf(state: ResourceState, states: readonly ResourceState[]): Route {
  const [, target = ""] = /^integrations\/(.*)$/.exec(state.text("target") ?? "") ?? [];
  const integration = states.find(({ address }) => address === referred(target)?.address);
  const authorizer = referred(state.text("authorizer_id") ?? "")?.address;
  const authorizing = states.find(({ address }) => address === authorizer);
  const responses = states.filter(
    (response) => response.type === "aws_apigatewayv2_route_response" && response.text("route_id") === state.text("id"),
  );
  return {
    state,
    leadsTo: integration?.text("integration_uri"),
    authorizer: authorizer && `\${${authorizer}.id}`,
    authorizerLeadsTo: authorizing?.text("authorizer_uri"),
    parts: [state, integration, ...responses].flatMap((part) => part?.address ?? []).concat(authorizer ?? []),
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
