/** Where the emulator's parts are, and what its stage lets through. */
export interface Addresses {
  readonly url: string;
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly region: string;
  readonly tableName: string;
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
}
