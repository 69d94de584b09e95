import { sourceOf } from "./address.ts";
import { type Connected, isAuthenticated } from "./connection.ts";
import type { Rates } from "./ports.ts";

/** The frames that one sender may send. */
export interface MessageRate {
  readonly perSecond: number;
  /** The number of frames at once. */
  readonly burst: number;
}

export interface RatePorts {
  readonly rates: Rates;
  /** Unlimited: only the stage's throttle applies. */
  readonly messageRate: MessageRate | "unlimited";
}

/** How long it takes to make room for one frame. */
export const frameMilliseconds = ({ perSecond }: MessageRate): number => Math.ceil(1000 / perSecond);

/** A connection that exceeds the limit again within this time is closed. */
export const WARNING_MILLISECONDS = 1_000;

/**
 * Charges a frame to its sender: `flooding` if the connection had a frame refused a moment ago.
 *
 * All connections of a sender share one bucket, so neither reconnecting nor further connections raise the limit. Warnings
 * are per connection: at a shared address, one flooding client must not close the connections of the others.
 */
export async function charge(
  { rates, messageRate: rate }: RatePorts,
  connected: Connected,
  sourceIp: unknown,
): Promise<"taken" | "refused" | "flooding"> {
  if (rate === "unlimited") return "taken";
  const sender = senderOf(connected, sourceIp);
  if (await rates.take(sender, rate)) return "taken";
  return (await rates.warn(sender, connected.id)) ? "flooding" : "refused";
}

/** Guests choose their names, so they are counted by address. The two kinds of senders cannot have the same key. */
function senderOf(connected: Connected, sourceIp: unknown): string {
  if (isAuthenticated(connected)) return `USER#${connected.user}`;
  if (typeof sourceIp !== "string") {
    throw new Error(
      "The event has no requestContext.identity.sourceIp, so messageRate cannot count the guest's frame.",
    );
  }
  return `ADDRESS#${sourceOf(sourceIp)}`;
}
