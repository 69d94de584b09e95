import { tagOf } from "../../../aws/runtime.ts";
import { type CostCase, costCases } from "../cost-cases.ts";

/** What a client does once something went wrong. */
export type Comeback =
  | "repeats with the same id"
  | "repeats without an id"
  | "reconnects"
  | "stays away"
  | "joins"
  | "leaves"
  | "is revoked";

/** Something that anna does, in a chat where ben and carol are. */
export interface FaultCase extends Pick<CostCase, "doing" | "before" | "other" | "isAuthenticated" | "settings"> {
  /** The number of shards of every channel, which is one otherwise. Channels of several shards have no presence. */
  readonly shards?: number;
}

const annas = `~plans-${tagOf("anna")}`;

/** The costs have no case of it. */
const REVOKES: FaultCase = {
  doing: { message: "invite", channel: annas, user: "ben", revoke: true },
  before: [
    { message: "join", channel: annas },
    { message: "invite", channel: annas, user: "ben" },
  ],
  other: [{ message: "join", channel: annas }],
  isAuthenticated: true,
};

/** Everybody is at their limit, so a connection that counts although it is gone keeps its user out. */
const TIGHT = { connectionsPerUserMax: 1, connectionsPerAddressMax: 1 };

/**
 * Every route has a case among the costs, as a test there demands: so a new route has its faults here without new code.
 * How many members a channel has matters to the costs alone, so what differs by that only is played once.
 */
export const faultCases: readonly FaultCase[] = [
  ...new Map(
    [...costCases, REVOKES]
      .map(faultCaseOf)
      .flatMap((each) => (movesMember(each) ? [each, { ...each, shards: 4 }] : [each]))
      .map((each) => [JSON.stringify(each), each]),
  ).values(),
];

/** Whether a case is worth playing in a channel of several shards as well: authentication makes no difference to a join. */
function movesMember({ doing, isAuthenticated }: FaultCase): boolean {
  if (typeof doing !== "object") return false;
  if (doing.message === "invite") return doing.revoke === true;
  return (doing.message === "join" || doing.message === "leave") && !isAuthenticated;
}

function faultCaseOf({ doing, before = [], other = [], isAuthenticated, settings = {} }: FaultCase): FaultCase {
  const limits = Object.fromEntries(Object.entries(TIGHT).filter(([name]) => name in settings));
  return {
    ...{ doing, before: before.slice(0, 3), other: other.slice(0, 3), settings: { ...settings, ...limits } },
    ...(isAuthenticated && { isAuthenticated }),
  };
}

/** What may follow, by what the client has done. */
export function comebacksOf({ doing }: FaultCase): readonly Comeback[] {
  if (doing === "$connect" || doing === "$disconnect") return ["reconnects", "stays away"];
  if (typeof doing === "string") return ["reconnects"];
  const own = ["repeats with the same id", "repeats without an id", "reconnects"] as const;
  if (!("channel" in doing) || doing.channel === undefined) return own;
  const isOfBen = !isPublic(doing.channel) && doing.channel !== annas;
  return [...own, "joins", "leaves", ...(isOfBen ? (["is revoked"] as const) : [])];
}

export const isPublic = (channel: string): boolean => !channel.startsWith("~");
