import { isAmong } from "./access.ts";
import type { Connected } from "./connection.ts";
import { type Refusal, refuse } from "./frames.ts";
import type { Mutes } from "./ports.ts";

export interface ModeratorPorts {
  /** The groups whose members moderate; none where there are no moderators. */
  readonly moderators: () => readonly string[];
}

export const moderates = ({ moderators }: ModeratorPorts, { groups }: Connected): boolean =>
  isAmong(groups, moderators());

export interface SpeechPorts extends ModeratorPorts {
  readonly mutes: Pick<Mutes, "until">;
}

/** Why somebody may not speak in a channel; undefined where they may. */
export async function refuseMuted(
  { moderators, mutes }: SpeechPorts,
  channel: string,
  user: string,
): Promise<Refusal | undefined> {
  if (moderators().length === 0) return undefined;
  const until = await mutes.until(channel, user);
  return until === undefined
    ? undefined
    : refuse("muted", `You are muted in "${channel}" until ${new Date(until).toISOString()}.`);
}

export const NOT_A_MODERATOR = refuse("not-allowed", "Only moderators may do this.");
