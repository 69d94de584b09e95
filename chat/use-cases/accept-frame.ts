import { type Connected, isAuthenticated, isExpired, sourceOf } from "../connection.ts";
import type { Close, Connections, Now } from "../ports.ts";
import type { Refusal } from "../protocol/frames.ts";
import { TOKEN_EXPIRED, TOO_MANY_MESSAGES, UNKNOWN_CONNECTION } from "../refusals.ts";
import type { MessageRate, Rates } from "../user-ports.ts";

export interface RatePorts {
  readonly rates: Rates;
  /** Unlimited: only the throttle of the stage applies. */
  readonly messageRate: MessageRate | "unlimited";
}

export interface AcceptFramePorts extends RatePorts {
  readonly connections: Pick<Connections, "get">;
  readonly close: Close;
  readonly now: Now;
}

/** The sender of a frame, from the event of API Gateway. */
export interface Sender {
  readonly connectionId: string;
  /** The client's IP address, which counts for guests. */
  readonly sourceIp: unknown;
}

/**
 * Identifies the connection that sent a frame and counts the frame against the rate limit. Closes the connection if its
 * token has expired or if it floods the chat.
 */
export async function acceptFrame(
  ports: AcceptFramePorts,
  { connectionId, sourceIp }: Sender,
): Promise<{ readonly connected: Connected } | { readonly refusal: Refusal }> {
  const connected = await ports.connections.get(connectionId);
  if (!connected) return { refusal: UNKNOWN_CONNECTION };
  if (isExpired(connected, ports.now())) {
    await ports.close(connectionId);
    return { refusal: TOKEN_EXPIRED };
  }
  const verdict = await chargeFrame(ports, connected, sourceIp);
  if (verdict === "flooding") await ports.close(connectionId);
  return verdict === "taken" ? { connected } : { refusal: TOO_MANY_MESSAGES };
}

/**
 * Charges a frame to its sender. `flooding`: another frame of the connection was refused less than a second ago.
 *
 * All connections of a sender share one bucket, so neither reconnecting nor additional connections raise the limit.
 * Warnings are per connection: at a shared address, one flooding client must not close the connections of the others.
 */
export async function chargeFrame(
  { rates, messageRate: rate }: RatePorts,
  connected: Connected,
  sourceIp: unknown,
): Promise<"taken" | "refused" | "flooding"> {
  if (rate === "unlimited") return "taken";
  const sender = senderKey(connected, sourceIp);
  if (await rates.take(sender, rate)) return "taken";
  return (await rates.warn(sender, connected.id)) ? "flooding" : "refused";
}

/** Guests can change their names, so they are counted by address. The prefixes keep the two kinds of keys apart. */
function senderKey(connected: Connected, sourceIp: unknown): string {
  if (isAuthenticated(connected)) return `USER#${connected.user}`;
  if (typeof sourceIp !== "string") {
    throw new Error(
      "The event has no requestContext.identity.sourceIp, so messageRate cannot count the guest's frame.",
    );
  }
  return `ADDRESS#${sourceOf(sourceIp)}`;
}
