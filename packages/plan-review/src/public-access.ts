import { type Caller, calledAt } from "./nouns.ts";
import { listed, type Phrase, say, sentenceCase } from "./phrase.ts";
import type { ResourceState, Sides } from "./resource-states.ts";

/** An address at which a distribution publishes files, or to which an app client sends signed-in users. */
export interface PublicAddress {
  readonly kind: "published" | "callback";
  readonly does: "added" | "removed";
  readonly called: Phrase;
  /** Undefined for the address that CloudFront assigns. */
  readonly address: string | undefined;
  /** Where a distribution gets its files, with references. */
  readonly origins: readonly string[];
}

type Found = Omit<PublicAddress, "does">;

/** Resources that publish something outside of the account, which no permission shows. */
const READERS: Readonly<Record<string, (state: ResourceState) => Found[]>> = {
  aws_cloudfront_distribution: publishedBy,
  aws_cognito_user_pool_client: (state) =>
    state
      .texts("callback_urls")
      .map(({ text }) => ({ kind: "callback", called: calledAt(state), address: text, origins: [] })),
};

export function publicAddresses({ before, after }: Sides): PublicAddress[] {
  const [old, now] = [before, after].map(
    (states) =>
      new Map(states.flatMap((state) => (READERS[state.type]?.(state) ?? []).map((one) => [keyOf(state, one), one]))),
  );
  return [...missingIn(old, now, "added"), ...missingIn(now, old, "removed")];
}

const keyOf = ({ address }: ResourceState, found: Found): string =>
  JSON.stringify([address, found.kind, found.address]);

const missingIn = (
  others: ReadonlyMap<string, Found> | undefined,
  all: ReadonlyMap<string, Found> | undefined,
  does: PublicAddress["does"],
): PublicAddress[] => [...(all ?? [])].filter(([key]) => !others?.has(key)).map(([, found]) => ({ ...found, does }));

/** A disabled distribution answers no requests. */
function publishedBy(state: ResourceState): Found[] {
  if (state.at("enabled").value === false) return [];
  const origins = state
    .texts("origin")
    .filter(({ path }) => path.endsWith(".domain_name"))
    .map(({ text }) => text);
  const names = state.texts("aliases").map(({ text }) => text);
  return [undefined, ...names].map((address) => ({ kind: "published", called: calledAt(state), address, origins }));
}

export function publicPhrase({ kind, does, called, address, origins }: PublicAddress, call: Caller): Phrase {
  const now = does === "added" ? "now" : "no longer";
  const place: Phrase = address === undefined ? ["the address that CloudFront assigns"] : call(address);
  if (kind === "callback") return [...sentenceCase(called), ` ${now} sends signed-in users to `, ...place, "."];
  const files: Phrase = origins.length > 0 ? [" from ", ...listed(origins.map(call))] : [];
  const reader = does === "added" ? "Anybody can now read" : "Nobody can any longer read";
  return [...say`${[reader]} files`, ...files, " at ", ...place, ", through ", ...called, "."];
}
