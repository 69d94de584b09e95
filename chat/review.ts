import { type Connected, isAuthenticated } from "./connection.ts";
import type { Count } from "./ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";
import { INTERNAL } from "./refusals.ts";

/** A message that is about to be stored. */
export interface ReviewedMessage {
  readonly channel: string;
  readonly from: string;
  /** Whether the sender's name comes from authentication. */
  readonly authenticated: boolean;
  readonly data: string;
}

export type Verdict =
  | { readonly decision: "allow" }
  | { readonly decision: "deny"; readonly reason: string }
  | { readonly decision: "replace"; readonly data: string };

export interface Reviewer {
  /** Rejects without a valid verdict in time. The fault does not contain the text. */
  readonly ask: (message: ReviewedMessage) => Promise<Verdict>;
  /** What happens to a message without a verdict. */
  readonly onFailure: "allow" | "deny";
}

export interface ReviewPorts {
  /** "none": messages are not reviewed. */
  readonly reviewer: Reviewer | "none";
  readonly count: Count;
}

/** The text to store, or why the message is refused, and facts for the log. */
export type Reviewed = ({ readonly data: string } | { readonly refusal: Refusal }) & { readonly facts?: object };

/** Requests a review of a message. A failure counts as a fault, regardless of what happens to the message. */
export async function reviewMessage(
  { reviewer, count }: ReviewPorts,
  connected: Connected,
  { channel, data }: Pick<ReviewedMessage, "channel" | "data">,
): Promise<Reviewed> {
  if (reviewer === "none") return { data };
  const message = { channel, from: connected.user, authenticated: isAuthenticated(connected), data };
  try {
    return outcomeOf(await reviewer.ask(message), data);
  } catch {
    count("Faults");
    const facts = { review: "failed" };
    return reviewer.onFailure === "allow" ? { data, facts } : { refusal: INTERNAL, facts };
  }
}

function outcomeOf(verdict: Verdict, data: string): Reviewed {
  if (verdict.decision === "allow") return { data };
  const facts = { review: verdict.decision };
  return verdict.decision === "replace"
    ? { data: verdict.data, facts }
    : { refusal: refuse("not-accepted", verdict.reason), facts };
}
