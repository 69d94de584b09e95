/** What one connection may send. */
export interface MessageRate {
  readonly perSecond: number;
  /** How many frames at once. */
  readonly burst: number;
}

/** How long until a frame that was taken is made up for. */
export const frameMilliseconds = ({ perSecond }: MessageRate): number => Math.ceil(1000 / perSecond);

/**
 * What becomes of a frame, by when the connection's bucket is full again with it, in epoch milliseconds. Each frame has a
 * place of its own in that time, however many come at once: exactly the first beyond the burst is told, those after it
 * are too many for words.
 */
export function judge(fullAt: number, now: number, rate: MessageRate): "taken" | "refused" | "flooding" {
  const owed = (fullAt - now) / frameMilliseconds(rate);
  if (owed <= rate.burst) return "taken";
  return owed <= rate.burst + 1 ? "refused" : "flooding";
}
