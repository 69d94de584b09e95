import { useEffect, useState } from "preact/hooks";
import { channelTitle, isChannelName, toChannelName } from "../model/channel-name.ts";
import type { Chat } from "../state/chat.ts";
import { channelKey } from "../state/chat-state.ts";
import { Dialog } from "./dialog.tsx";
import { ChannelSign } from "./sidebar.tsx";
import { useRequest } from "./text-dialogs.tsx";

interface ChannelDialogProps {
  readonly chat: Chat;
  readonly close: () => void;
}

/** Lists the channels that the user can join, and creates new ones. */
export function ChannelDialog({ chat, close }: ChannelDialogProps) {
  const [text, setText] = useState("");
  const [isPrivate, setIsPrivate] = useState(false);
  const channels = useChannels(chat);
  const { error, isBusy, run } = useRequest(close);
  const name = toChannelName(text);
  const isInvalid = name !== "" && !isChannelName(name);
  const found = channels.filter((channel) => channelTitle(channel).includes(name));
  const join = (channel: string, options: { readonly private?: boolean } = {}): void =>
    run(
      () => chat.join(channel, options),
      (key) => chat.show(key),
    );
  const problem = isInvalid ? "A name has up to 64 letters from a to z, digits and hyphens." : error;
  return (
    <Dialog title="Join or create a channel" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "" && !isInvalid) join(name, isPrivate ? { private: true } : {});
        }}
      >
        <label>
          Name
          <input
            class="field"
            value={text}
            placeholder="such as design"
            maxLength={64}
            autocomplete="off"
            autocapitalize="off"
            aria-describedby="channel-problem"
            aria-invalid={isInvalid}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        {chat.options.isAuthenticated && (
          <label class="check">
            <input
              type="checkbox"
              checked={isPrivate}
              onChange={({ currentTarget }) => setIsPrivate(currentTarget.checked)}
            />
            Private: only users whom you invite can join
          </label>
        )}
        <p id="channel-problem" class="field-error" role="alert">
          {problem}
        </p>
        <ChannelChoices channels={found} join={join} />
        <div class="dialog-buttons">
          <button
            type="submit"
            class="button button-primary"
            disabled={name === "" || isInvalid}
            aria-disabled={isBusy}
          >
            {channels.includes(name) && !isPrivate ? "Join" : "Create"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface ChoicesProps {
  readonly channels: readonly string[];
  readonly join: (channel: string) => void;
}

function ChannelChoices({ channels, join }: ChoicesProps) {
  if (channels.length === 0) return null;
  return (
    <ul class="choices" aria-label="Channels that you can join">
      {channels.map((channel) => (
        <li key={channel}>
          <button type="button" class="entry" onClick={() => join(channel)}>
            <ChannelSign channel={channel} />
            <span class="entry-name">{channelTitle(channel)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The first page of the channels that this user is not in. */
function useChannels(chat: Chat): readonly string[] {
  const [channels, setChannels] = useState<readonly string[]>([]);
  useEffect(() => {
    // Without the list, a name can still be entered.
    void chat.session.listChannels().then(
      (page) => setChannels(page.channels.filter((channel) => !chat.state.conversations.has(channelKey(channel)))),
      () => undefined,
    );
  }, [chat]);
  return channels;
}
