import { type Identity, identityInContext, identityOfSigner } from "../authentication/identity.ts";
import { presence } from "../aws/presence.ts";
import { probe } from "../aws/push/probe.ts";
import { allowedOrigins, authentication, checksBans, connectionsPerUserMax, newSuffix, now } from "../aws/runtime.ts";
import { bans } from "../aws/table/bans.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { offersIn } from "../chat/protocol/subprotocol.ts";
import { type ConnectOutcome, type ConnectPorts, connect } from "../chat/use-cases/connect.ts";
import { type Caller, lambda, type RouteOutcome } from "./runtime/lambda.ts";

interface Ports extends ConnectPorts {
  /** The environment's kind of authentication. */
  readonly authentication: () => string;
}

/** Maps the event to a handshake, and the outcome to an HTTP status. */
export const connectLambda = (ports: Ports) =>
  lambda(async (own: Ports, { connection, caller, headers }) => {
    const identity = identityOf(own.authentication(), caller);
    const outcome = await connect(own, {
      connection,
      ...(identity && { identity }),
      subprotocols: offersIn(headers),
      origin: headers.origin,
      address: String(caller.identity.sourceIp),
    });
    return routeOutcome(outcome);
  }, ports);

/** Undefined in environments without authentication. */
function identityOf(kind: string, { authorizer, identity }: Caller): Identity | undefined {
  if (kind === "none") return undefined;
  return kind === "iam" ? identityOfSigner(identity) : identityInContext(authorizer);
}

function routeOutcome({ refused, subprotocol, unnotified }: ConnectOutcome): RouteOutcome {
  if (refused) return { refusedWith: refused.startsWith("connections") ? 429 : 403, facts: { refused } };
  return {
    ...(subprotocol && { subprotocol }),
    ...(unnotified !== undefined && { facts: { unnotified } }),
  };
}

export const handler = connectLambda({
  ...presence,
  channels: channels(table, now),
  newSuffix,
  authentication,
  allowedOrigins,
  bans: bans(table, now),
  checksBans,
  connectionsPerUserMax,
  probe,
});
