/** Milliseconds by a clock that all processes of this machine share. Its zero means nothing. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
