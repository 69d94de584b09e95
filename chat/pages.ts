import type { Shard } from "./channel.ts";
import { backOffMilliseconds, type DeliveryPorts } from "./delivery.ts";
import type { Members, Page, PageStart } from "./ports.ts";

const ATTEMPTS_MAX = 4;

interface Ports extends Pick<DeliveryPorts, "pause" | "random"> {
  readonly members: Pick<Members, "pages">;
}

export interface Reading {
  readonly shard: Shard;
  readonly from: PageStart;
  /** Hears what kept a page from being read. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * A shard's members, a page at a time, the next one read while this one is used. A page that cannot be read is tried
 * again by itself, and at last ends the pages early: the `next` of the last one says where.
 */
export async function* eachPage(ports: Ports, reading: Reading): AsyncGenerator<Page> {
  const pages = readPatiently(ports, reading);
  let coming = pages.next();
  for (;;) {
    const { done, value } = await coming;
    if (done) return;
    coming = pages.next();
    yield value;
  }
}

async function* readPatiently({ members, pause, random }: Ports, { shard, from, onFault }: Reading) {
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
