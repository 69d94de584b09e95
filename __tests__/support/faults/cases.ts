import { tagOf } from "../../../aws/runtime.ts";
import { type CostCase, costCases } from "../cost-cases.ts";

/** The client's next action after a fault. */
export type NextAction =
  | "repeats with the same id"
  | "repeats without an id"
  | "reconnects"
  | "stays away"
  | "joins"
  | "leaves"
  | "is revoked";

/** One action of anna, in a chat with ben and carol. */
export interface FaultCase
  extends Pick<CostCase, "doing" | "before" | "other" | "earlier" | "isAuthenticated" | "settings"> {
  /** The number of shards of every channel. Default: one. Channels with several shards have no presence. */
  readonly shards?: number;
  /** Whether a review replaces the text of the action, each time with another one. Default: there is no review. */
  readonly isReviewed?: boolean;
}

const annas = `~plans-${tagOf("anna")}`;

/** The cost cases do not include a revocation. */
const REVOKES: FaultCase = {
  doing: { message: "invite", channel: annas, user: "ben", revoke: true },
  before: [
    { message: "join", channel: annas },
    { message: "invite", channel: annas, user: "ben" },
  ],
  other: [{ message: "join", channel: annas }],
  isAuthenticated: true,
};

const LASTING_REVOKES: FaultCase = { ...REVOKES, settings: { lastingMembership: true } };

const bens = `~plans-${tagOf("ben")}`;

/** In place of the cost cases, which differ in the number of channels. */
const LASTING_CONNECT: FaultCase = {
  doing: "$connect",
  earlier: [
    { message: "join", channel: "dev" },
    { message: "join", channel: bens },
  ],
  other: [
    { message: "join", channel: bens },
    { message: "invite", channel: bens, user: "anna" },
  ],
  isAuthenticated: true,
  settings: { lastingMembership: true, moderators: ["staff"] },
};

const isLastingConnect = ({ doing, settings }: CostCase): boolean =>
  doing === "$connect" && settings?.lastingMembership === true;

/** Reviews make no request to the table, so they are not cost cases. Direct messages are not reviewed. */
const REVIEWED: readonly FaultCase[] = costCases
  .filter(({ doing }) => typeof doing === "object" && doing.message === "edit" && doing.direct === undefined)
  .map((each) => ({ ...each, isReviewed: true }));

/** Every user is at the limit, so a gone connection that still counts prevents its user from connecting. */
const TIGHT = { connectionsPerUserMax: 1, connectionsPerAddressMax: 1 };

/**
 * A test requires a cost case for every route, so a new route is covered here without new code. Cost cases that differ
 * only in the number of members are run once.
 */
export const faultCases: readonly FaultCase[] = [
  ...new Map(
    [...costCases.filter((each) => !isLastingConnect(each)), REVOKES, LASTING_REVOKES, LASTING_CONNECT, ...REVIEWED]
      .map(faultCaseOf)
      .flatMap((each) => (movesMember(each) ? [each, { ...each, shards: 4 }] : [each]))
      .map((each) => [JSON.stringify(each), each]),
  ).values(),
];

/** Whether a case also runs in a channel with several shards. A join works the same with authentication. */
function movesMember({ doing, isAuthenticated }: FaultCase): boolean {
  if (typeof doing !== "object") return false;
  if (doing.message === "invite") return doing.revoke === true;
  return (doing.message === "join" || doing.message === "leave") && !isAuthenticated;
}

function faultCaseOf({ doing, isAuthenticated, isReviewed, settings = {}, ...frames }: FaultCase): FaultCase {
  const { before = [], other = [], earlier = [] } = frames;
  const limits = Object.fromEntries(Object.entries(TIGHT).filter(([name]) => name in settings));
  return {
    ...{
      doing,
      before: before.slice(0, 3),
      other: other.slice(0, 3),
      earlier: earlier.slice(0, 3),
      settings: { ...settings, ...limits },
    },
    ...(isAuthenticated && { isAuthenticated }),
    ...(isReviewed && { isReviewed }),
  };
}

/** The possible next actions, by the client's action. */
export function nextActionsOf({ doing }: FaultCase): readonly NextAction[] {
  if (doing === "$connect" || doing === "$disconnect") return ["reconnects", "stays away"];
  if (typeof doing === "string") return ["reconnects"];
  const own = ["repeats with the same id", "repeats without an id", "reconnects"] as const;
  if (!("channel" in doing) || doing.channel === undefined) return own;
  const isOfBen = !isPublic(doing.channel) && doing.channel !== annas;
  return [...own, "joins", "leaves", ...(isOfBen ? (["is revoked"] as const) : [])];
}

export const isPublic = (channel: string): boolean => !channel.startsWith("~");
