/** Runs a task for each item, at most `limit()` at once. The limit can change while tasks run. Rejects with the first task that rejects. */
export function forEachConcurrently<Item>(
  items: Iterable<Item>,
  task: (item: Item) => Promise<void>,
  limit: () => number,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let running = 0;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      running -= 1;
      fill();
    };
    const fill = (): void => {
      while (running < limit()) {
        const next = queue.next();
        if (next.done) break;
        running += 1;
        task(next.value).then(end, reject);
      }
      if (running === 0) resolve();
    };
    fill();
  });
}
