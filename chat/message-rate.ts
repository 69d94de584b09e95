/** The rate limit for the frames of one sender. */
export interface MessageRate {
  readonly perSecond: number;
  /** The number of frames that can be sent at once. */
  readonly burst: number;
}

/** How long it takes until one more frame is allowed. */
export const frameMilliseconds = ({ perSecond }: MessageRate): number => Math.ceil(1000 / perSecond);

/** A connection that exceeds the limit again within this time is closed. */
export const WARNING_MILLISECONDS = 1_000;
