import type { ReceivedMessage, SessionEvents } from "./events.ts";

interface Source {
  on<Type extends keyof SessionEvents>(type: Type, listener: (event: SessionEvents[Type]) => void): () => void;
  readonly state: { readonly status: string };
}

/** The messages of a session as an async iterator. It subscribes at once, so that nothing is missed before the first `next`. */
export function messagesOf(
  session: Source,
  { channel, signal }: { readonly channel?: string; readonly signal?: AbortSignal },
): AsyncIterableIterator<ReceivedMessage> {
  const messages: ReceivedMessage[] = [];
  const waiting: ((result: IteratorResult<ReceivedMessage>) => void)[] = [];
  let isOver = session.state.status === "ended" || signal?.aborted === true;
  const end = (): void => {
    isOver = true;
    for (const unsubscribe of subscriptions) unsubscribe();
    for (const resolve of waiting.splice(0)) resolve({ done: true, value: undefined });
  };
  const subscriptions = [
    session.on("message", (message) => {
      if (channel !== undefined && message.channel !== channel) return;
      const resolve = waiting.shift();
      if (resolve) resolve({ done: false, value: message });
      else messages.push(message);
    }),
    session.on("state", ({ status }) => status === "ended" && end()),
  ];
  signal?.addEventListener("abort", end, { once: true });
  if (isOver) end();
  return {
    async next() {
      const value = messages.shift();
      if (value) return { done: false, value };
      if (isOver) return { done: true, value: undefined };
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    async return() {
      end();
      messages.length = 0;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
