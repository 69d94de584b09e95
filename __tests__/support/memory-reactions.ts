import { countsOf, type Reacted, type Reactions } from "../../chat/reactions.ts";

interface Item {
  readonly id: string;
  readonly channel: string;
  readonly byAuthor: ReadonlyMap<string, string>;
  readonly revision: number;
  readonly change: string;
}

/** Reactions in memory, with the behavior of the table adapter. */
export function memoryReactions(isKeptId: (id: string) => boolean): Reactions {
  const items = new Map<string, Item>();
  const records = new Map<string, Reacted & { readonly revision: number; readonly isSettled?: true }>();
  /** The revisions that have deleted records before they were stored. */
  const forgotten = new Map<string, number>();
  const key = ({ channel, id }: { readonly channel: string; readonly id: string }): string => `${channel}#${id}`;
  const counted = ({ byAuthor, revision }: Item, author: string) => countsOf(byAuthor, { author, revision });
  return {
    async set({ channel, id, author, emoji, change }) {
      const former = items.get(key({ channel, id }));
      const byAuthor = new Map(former?.byAuthor);
      if (emoji === null) byAuthor.delete(author);
      else byAuthor.set(author, emoji);
      const item = { id, channel, byAuthor, revision: (former?.revision ?? 0) + 1, change };
      items.set(key(item), item);
      const isOther = former !== undefined && former.change !== change;
      return { reactions: counted(item, author), ...(isOther && { former: former.change }) };
    },
    async get(target, author) {
      const item = items.get(key(target));
      return item && isKeptId(item.id) ? counted(item, author) : undefined;
    },
    async between({ channel, first, last, author }) {
      const found = [...items.values()].filter((item) => item.channel === channel && isKeptId(item.id));
      const inRange = found.filter(({ id }) => first <= id && id <= last);
      return new Map(inRange.map((item) => [item.id, counted(item, author)]));
    },
    remove: async (target) => void items.delete(key(target)),
    async record(change) {
      if ((forgotten.get(key(change)) ?? 0) < change.revision) records.set(key(change), change);
    },
    async forget(change) {
      const stored = records.get(key(change));
      if (!stored) forgotten.set(key(change), change.revision);
      else if (stored.revision < change.revision) records.delete(key(change));
    },
    async settle(change) {
      const stored = records.get(key(change));
      if (stored) records.set(key(change), { ...stored, isSettled: true });
    },
    async isSettled(target) {
      const item = items.get(key(target));
      return item !== undefined && records.get(key({ ...target, id: item.change }))?.isSettled === true;
    },
    async records({ channel, after = "", before = "~", limit }) {
      const found = [...records.values()]
        .filter((record) => record.channel === channel && record.id > after && record.id < before)
        .filter(({ reacted }) => isKeptId(reacted));
      const sorted = found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
      return sorted.map(({ id, channel: own, reacted }) => ({ id, channel: own, reacted }));
    },
  };
}
