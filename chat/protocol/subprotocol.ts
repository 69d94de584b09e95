/* In a separate module: a function that only needs these has no schemas of frames in its bundle. */

/** The WebSocket subprotocol in which every frame is JSON. */
export const SUBPROTOCOL = "chat.v1";

/** The format of the frames to a client: `plain` is bare text, for a client that did not offer the subprotocol. */
export type Protocol = "plain" | typeof SUBPROTOCOL;
