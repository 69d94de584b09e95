import type { Shard } from "../channel.ts";
import type { Members, Page, PageStart } from "../ports.ts";
import { backOffMilliseconds, type DeliveryPorts } from "./delivery.ts";

const ATTEMPTS_MAX = 4;

interface Ports extends Pick<DeliveryPorts, "pause" | "random"> {
  readonly members: Pick<Members, "pages">;
}

export interface Reading {
  readonly shard: Shard;
  readonly from: PageStart;
  /** Called with each fault that prevented the read of a page. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * The members of a shard, page by page. Reads the next page while the caller uses the current one. A page that cannot be
 * read is retried on its own. After several attempts the pages end early, at the `next` of the last one.
 */
export async function* eachPage(ports: Ports, reading: Reading): AsyncGenerator<Page> {
  const pages = readWithRetries(ports, reading);
  let upcoming = pages.next();
  for (;;) {
    const { done, value } = await upcoming;
    if (done) return;
    upcoming = pages.next();
    yield value;
  }
}

async function* readWithRetries({ members, pause, random }: Ports, { shard, from, onFault }: Reading) {
  let { after } = from;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    try {
      for await (const page of members.pages(shard, { ...from, after })) {
        yield page;
        if (page.next === undefined) return;
        after = page.next;
        attempt = 0;
      }
      return;
    } catch (fault) {
      onFault(fault);
      await pause(backOffMilliseconds(attempt, random()));
    }
  }
}
