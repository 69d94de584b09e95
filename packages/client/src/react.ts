import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
  useSyncExternalStore,
} from "react";
import { ChannelStore, type ChannelView } from "./channel-store.ts";
import type { ConnectionState } from "./events.ts";
import { PresenceStore, type PresenceView } from "./presence-store.ts";
import type { SendOptions, Session } from "./session.ts";

export type { ChannelView, PresenceView };

const SessionContext = createContext<Session | undefined>(undefined);

/** Makes a session available to the hooks in `children`. */
export function SessionProvider({
  session,
  children,
}: {
  readonly session: Session;
  readonly children?: ReactNode;
}): ReactElement {
  return createElement(SessionContext.Provider, { value: session }, children);
}

/** The session of the nearest `SessionProvider`. Throws if there is none. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session) return session;
  throw new Error("There is no session. Render the component inside a <SessionProvider session={session}>.");
}

/** The state of the connection. */
export function useConnectionState(): ConnectionState {
  const session = useSession();
  const state = (): ConnectionState => session.state;
  return useSyncExternalStore((listener) => session.on("state", listener), state, state);
}

/** The name of this user. Undefined until the session is online for the first time. */
export function useUser(): string | undefined {
  const session = useSession();
  const user = (): string | undefined => session.user;
  return useSyncExternalStore((listener) => session.on("user", listener), user, user);
}

/** The channel that {@link useChannel} returns. */
export interface Channel extends ChannelView {
  /** Sends a message, which is in `pending` until it is stored. */
  readonly send: (text: string, options?: SendOptions) => void;
  /** Sends a failed message of `pending` again. */
  readonly retry: (id: string) => void;
  /** Removes a failed message from `pending`. */
  readonly discard: (id: string) => void;
  /** Reads earlier messages. */
  readonly loadMore: () => Promise<void>;
  /** Notifies the channel that the user is typing. Call it at each key. */
  readonly notifyTyping: () => void;
}

/**
 * A channel with its messages, which it joins if the session has not. `pageSize` is the number of messages that are read at
 * once: from 1 to 100, by default 50. All components share one view of a channel, and it stays up to date while none is shown.
 */
export function useChannel(channel: string, { pageSize = 50 }: { readonly pageSize?: number } = {}): Channel {
  const session = useSession();
  const store = useMemo(() => channelStore(session, channel, pageSize), [session, channel, pageSize]);
  const view = useSyncExternalStore(store.subscribe, store.get, store.get);
  const { send, retry, discard, loadMore } = store;
  return { ...view, send, retry, discard, loadMore, notifyTyping: () => session.typing(channel) };
}

/** The members of a channel that the session has joined. */
export function usePresence(channel: string): PresenceView {
  const session = useSession();
  const store = useMemo(() => presenceStore(session, channel), [session, channel]);
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/* All components share the stores of a session. */
const channelStores = new WeakMap<Session, Map<string, ChannelStore>>();
const presenceStores = new WeakMap<Session, Map<string, PresenceStore>>();

/** The store of a channel. After the user has left the channel, the next component that shows it gets a new one. */
function channelStore(session: Session, channel: string, pageSize: number): ChannelStore {
  const stores = channelStores.get(session) ?? new Map<string, ChannelStore>();
  channelStores.set(session, stores);
  const existing = stores.get(channel);
  const isUsable = existing && ["loading", "ready"].includes(existing.get().status);
  const store = isUsable ? existing : new ChannelStore(session, channel, pageSize);
  stores.set(channel, store);
  return store;
}

function presenceStore(session: Session, channel: string): PresenceStore {
  const stores = presenceStores.get(session) ?? new Map<string, PresenceStore>();
  presenceStores.set(session, stores);
  const existing = stores.get(channel);
  const isUsable = existing && existing.get().status !== "failed";
  const store = isUsable ? existing : new PresenceStore(session, channel);
  stores.set(channel, store);
  return store;
}
