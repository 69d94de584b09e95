import type { Page } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** The time on the processor, in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The tasks of the page's main thread that `act` causes, each with its time on the processor in milliseconds. The
 * durations that a PerformanceObserver reports include the time in which other processes of the machine run.
 */
export async function tasksOf(page: Page, act: () => Promise<unknown>): Promise<number[]> {
  const devTools = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  devTools.on("Tracing.dataCollected", ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  const complete = new Promise((resolve) => devTools.once("Tracing.tracingComplete", resolve));
  await devTools.send("Tracing.start", {
    traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline"] },
  });
  await act();
  await devTools.send("Tracing.end");
  await complete;
  await devTools.detach();
  const threads = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const isMain = ({ pid, tid }: TraceEvent): boolean => threads.some((one) => one.pid === pid && one.tid === tid);
  return events.flatMap((event) =>
    event.name === "RunTask" && event.tdur !== undefined && isMain(event) ? [event.tdur / 1000] : [],
  );
}
