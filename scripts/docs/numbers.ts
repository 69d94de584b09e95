/** With commas between the thousands. */
export const thousands = (value: number): string => Math.round(value).toLocaleString("en");

/** Milliseconds, shown as seconds. */
export const seconds = (milliseconds: number): string =>
  `${(milliseconds / 1000).toFixed(milliseconds < 9_950 ? 1 : 0)} s`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
