/* A process that uses the number of milliseconds of CPU time that it receives, and sends how long that took. */

process.on("message", (cpuMilliseconds: number) => {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const used = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  while (used() < cpuMilliseconds);
  process.send?.(performance.now() - startedAt);
});
process.once("disconnect", () => process.exit());
