/** The meaning of each error code, and what the client can do. Codes are stable: clients may switch on them. */
export const codes = {
  "malformed-frame":
    "The frame is not a JSON object, a required field is missing, or a field has an invalid value. Fix the client.",
  "data-too-long": "`data` exceeds the maximum number of bytes in UTF-8. Split the text into several messages.",
  "bad-channel": "The channel name is invalid. Choose another one.",
  "bad-name": "The user name is invalid. Choose another one.",
  "unknown-channel":
    "The channel does not exist, or is private and you have no access. `join` creates it if you are allowed to.",
  "not-a-member": "The channel exists, but you are not a member. `join` it first.",
  "too-many-channels":
    "The connection or, with `lastingMembership`, its user is in the maximum number of channels. `leave` one first.",
  "name-taken":
    "A connected user has this name or one that looks like it, or it looks reserved (`guest-…`, `chat-ops`). Choose another one.",
  "fixed-name": "Users are authenticated in this environment, and their names come from their sign-in. Omit `name`.",
  unauthenticated:
    "Private channels require authentication, which is off in this environment. Join a public channel instead.",
  "not-allowed": "You do not have permission to do this. Ask a moderator, or the user who created the channel.",
  muted:
    "A moderator muted you in this channel. Wait until the mute ends. You can still use `direct` and other channels.",
  "not-accepted":
    "The review of the environment did not accept the message. `detail` gives the reason. Change the text.",
  "unknown-message":
    "The channel or the conversation does not have the message, or the message has expired. Check the id.",
  "unknown-user":
    "No connected user has this name or, where direct messages are stored, no user with this name has ever connected. Nothing was sent. Check the name, or retry when the user is connected.",
  "token-expired":
    "The token that opened the connection has expired, and the connection is closed. Reconnect with a new token.",
  "too-many-messages":
    "The user, or the address of a guest, exceeded the rate limit. The frame was ignored. Wait a second before the next frame, and longer after each further error. Another frame beyond the limit within a second closes the connection.",
  reconnect: "The chat no longer knows this connection. Close it and reconnect.",
  "service-refused": "The action was refused, and nothing changed at the service. `detail` gives the reason.",
  "service-failed":
    "The action failed at the service. `detail` gives the reason. Retry, or see the documentation of the service.",
  internal: "The chat failed to handle the frame. Wait a moment, then send it again with the same `id`.",
} as const;

export type Code = keyof typeof codes;
