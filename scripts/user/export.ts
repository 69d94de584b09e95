import { findingOf } from "./finding.ts";
import { type Counts, sumOf } from "./progress.ts";
import type { Item, Subject } from "./relations.ts";
import type { HandledPage } from "./scan.ts";

/** A line of JSON for each item of the user. */
export const exportPage =
  (subject: Subject) =>
  (items: readonly Item[]): HandledPage => {
    let counts: Counts = {};
    let text = "";
    for (const item of items) {
      const found = findingOf(item, subject);
      if (!found) continue;
      counts = sumOf(counts, { [found.role]: 1 });
      if (found.isOfUser) text += lineOf({ kind: found.kind, role: found.role, item: found.part });
    }
    return { counts, text };
  };

/** One line of JSON. A set of DynamoDB becomes an array. */
export const lineOf = (value: object): string =>
  `${JSON.stringify(value, (_, part: unknown) => (part instanceof Set ? [...part] : part))}\n`;
