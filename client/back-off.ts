const FIRST_MILLISECONDS = 1000;
const MILLISECONDS_MAX = 30_000;

/**
 * How long to wait before trying again, in milliseconds: any time up to one that doubles from try to try, so that
 * clients that were cut off together do not come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const backOff = (tries: number, random: () => number): number =>
  Math.round(random() * Math.min(MILLISECONDS_MAX, FIRST_MILLISECONDS * 2 ** tries));
