import type { ChatError } from "./chat-error.ts";
import type { ReceivedMessage } from "./events.ts";
import type { Session } from "./session.ts";

interface Waiting {
  readonly resolve: (result: IteratorResult<ReceivedMessage>) => void;
  readonly reject: (error: ChatError) => void;
}

/**
 * The messages of a session as an async iterator. It subscribes at once, so that nothing is missed before the first `next`.
 * If the session ends with an error, one `next` is rejected with it: a loop that simply ended would hide the error.
 */
export function messagesOf(
  session: Pick<Session, "on" | "state">,
  { channel, signal }: { readonly channel?: string; readonly signal?: AbortSignal },
): AsyncIterableIterator<ReceivedMessage> {
  const messages: ReceivedMessage[] = [];
  const waiting: Waiting[] = [];
  let isOver = false;
  /** The error of the session, until a `next` is rejected with it. */
  let failure: ChatError | undefined;
  const finish = ({ resolve, reject }: Waiting): void => {
    const error = failure;
    failure = undefined;
    if (error) reject(error);
    else resolve({ done: true, value: undefined });
  };
  const end = (error?: ChatError): void => {
    if (isOver) return;
    isOver = true;
    failure = error;
    for (const unsubscribe of subscriptions) unsubscribe();
    signal?.removeEventListener("abort", onAbort);
    for (const each of waiting.splice(0)) finish(each);
  };
  const onAbort = (): void => end();
  const onState = (state: Session["state"]): void => {
    if (state.status === "ended") end(state.error.code === "closed" ? undefined : state.error);
  };
  const subscriptions = [
    session.on("message", (message) => {
      if (channel !== undefined && message.channel !== channel) return;
      const next = waiting.shift();
      if (next) next.resolve({ done: false, value: message });
      else messages.push(message);
    }),
    session.on("state", onState),
  ];
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) end();
  onState(session.state);
  return {
    next() {
      return new Promise((resolve, reject) => {
        const value = messages.shift();
        if (value) resolve({ done: false, value });
        else if (isOver) finish({ resolve, reject });
        else waiting.push({ resolve, reject });
      });
    },
    async return() {
      end();
      messages.length = 0;
      failure = undefined;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
