/** The name in front of everything in AWS. Renaming the project is this one line. */
export const PROJECT = "chat";

/** Where and how a copy of the chat is deployed: one stack, one state, one URL each. */
export interface Environment {
  /** Lower-case letters, digits and dashes: it is part of every name in AWS. */
  readonly name: string;
  readonly region: string;
  /** The last part of the WebSocket URL. */
  readonly stageName: string;
  /** What the stage lets through, handshakes and messages together; beyond it clients get 429. */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  readonly logRetentionDays: number;
  /** How long what was said can be read in `history`. */
  readonly messageRetentionDays: number;
  /** In a larger channel nobody is told who comes, goes and types: that would cost the square of its members. */
  readonly presenceMembersMax: number;
  /** Buys CPU in proportion: a full core at 1,769 MB. */
  readonly functionMemoryMegabytes: number;
}

export const environments: readonly Environment[] = [
  {
    name: "dev",
    region: "eu-west-2",
    stageName: "dev",
    throttle: { requestsPerSecond: 100, burst: 50 },
    logRetentionDays: 14,
    messageRetentionDays: 30,
    presenceMembersMax: 100,
    functionMemoryMegabytes: 256,
  },
];
