/** Runs a task for each item, so many at once as `size` says at the time, at least one. Rejects at the first task that does. */
export function sideBySide<Item>(
  items: Iterable<Item>,
  task: (item: Item) => Promise<void>,
  size: () => number,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let running = 0;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      running -= 1;
      fill();
    };
    const fill = (): void => {
      while (running < size()) {
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
