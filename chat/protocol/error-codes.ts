/** Why frames are refused: what it means, and what helps. Codes are stable: clients may switch on them. */
export const codes = {
  "malformed-frame":
    "The frame is no JSON object, lacks a field, or has a field that breaks its rule. Mend the client.",
  "data-too-long": "`data` has too many bytes of UTF-8. Say it in several messages.",
  "bad-channel": "This cannot be the name of a channel. Choose another.",
  "bad-name": "This cannot be the name of a user. Choose another.",
  "unknown-channel": "There is no such channel, or none that you may know of. `join` makes it, where you may.",
  "not-a-member": "The channel is there, but you are not in it. `join` it first.",
  "too-many-channels": "The connection is in as many channels as it may be. `leave` one first.",
  "name-taken":
    "A connected user has the name or one that looks like it, or it looks reserved (`guest-…`, `chat-ops`). Choose another.",
  "fixed-name":
    "Users are authenticated here, and are called what their token or their signature says. Leave `name` out.",
  unauthenticated: "This wants users who are authenticated, and here nobody is. Leave it out.",
  "not-allowed": "You do not have permission to do this. Ask a moderator, or the user who created the channel.",
  muted:
    "A moderator muted you in this channel. Wait until the mute ends. You can still use `direct` and other channels.",
  "unknown-message": "There is no such message in the channel, or it is too old to be kept.",
  "unknown-user": "Nobody who is connected is called so. Nothing was said: try again when they are back.",
  "token-expired":
    "The token that opened the connection has ended, and so does the connection. Connect with a new one.",
  "too-many-messages":
    "The user, or the address of a guest, exceeded the rate limit. The frame was not handled. Wait a second, then longer: another frame beyond the limit within that second closes the connection.",
  reconnect: "The chat does not know this connection any more. Close it and connect again.",
  "service-refused": "Nothing was done at the service: see `detail`, it says why.",
  "service-failed":
    "The service did not do it: see `detail`, it says why. Ask again, or see what the service's page says.",
  internal: "The fault is the chat's. Send the frame again in a moment, with the same `id`.",
} as const;

export type Code = keyof typeof codes;
