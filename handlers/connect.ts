import { type Identity, identityInContext, identityOfSigner } from "../authentication/identity.ts";
import { type Config, configOf } from "../aws/config.ts";
import { presencePorts } from "../aws/ports.ts";
import { probe } from "../aws/push/management-api.ts";
import { newSuffix, now, tagOf } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { knownUsers } from "../aws/table/conversations.ts";
import { handshakes } from "../aws/table/handshakes.ts";
import { invitations } from "../aws/table/invitations.ts";
import { lastingChannels } from "../aws/table/lasting-channels.ts";
import { bans } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { offersIn } from "../chat/protocol/frames.ts";
import { type ConnectOutcome, type ConnectPorts, connect } from "../chat/use-cases/connect.ts";
import { type Caller, lambda, type RouteOutcome } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

interface Ports extends ConnectPorts {
  readonly authentication: Config["authentication"];
}

/** Maps the event to a handshake, and the outcome to an HTTP status. */
export const connectLambda = (ports: Ports) =>
  lambda(async (own: Ports, { connection, caller, headers }) => {
    const identity = identityOf(own.authentication, caller);
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
function identityOf(kind: Config["authentication"], { authorizer, identity }: Caller): Identity | undefined {
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

const config = configOf(settings.connect);
const table = tableOf(config);

export const handler = connectLambda({
  ...presencePorts(config),
  channels: channels(table, now),
  handshakes: handshakes(table, now),
  lastingChannels: lastingChannels(table),
  invitations: invitations(table, now),
  tagOf,
  lastingAccess: config.lastingAccess,
  newSuffix,
  authentication: config.authentication,
  allowedOrigins: config.allowedOrigins,
  bans: bans(table, now),
  knownUsers: knownUsers(table),
  checksBans: config.checksBans,
  directConversations: config.directConversations,
  connectionsPerUserMax: config.connectionsPerUserMax,
  probe: probe(config),
});
