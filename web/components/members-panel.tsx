import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";

interface MembersPanelProps {
  readonly members: ReadonlySet<string> | undefined;
  readonly away: ReadonlySet<string>;
  readonly user: string | undefined;
  readonly showUser: (user: string) => void;
  readonly close: () => void;
}

/** More would make the list slow, and nobody reads them. */
const SHOWN_MAX = 200;

const inOrder = (names: Iterable<string>): string[] => [...names].sort((one, other) => one.localeCompare(other));

/** The members of a channel: first those who are connected. */
export function MembersPanel({ members, away, user, showUser, close }: MembersPanelProps) {
  const names = [...inOrder(members ?? []), ...inOrder(away)];
  return (
    <aside class="members" aria-label="Members">
      <div class="members-head">
        <h2>Members</h2>
        <button type="button" class="icon-button" aria-label="Close the members" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {members ? (
        <ul>
          {names.slice(0, SHOWN_MAX).map((name) => (
            <li key={name}>
              <button type="button" class="entry" onClick={() => showUser(name)}>
                <Avatar name={name} size="small" />
                <span class="entry-name">{name}</span>
                {name === user && <span class="draft-mark">You</span>}
                {away.has(name) && <span class="draft-mark">Away</span>}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p class="note">Loading…</p>
      )}
      {names.length > SHOWN_MAX && <p class="note">and {names.length - SHOWN_MAX} more</p>}
    </aside>
  );
}
