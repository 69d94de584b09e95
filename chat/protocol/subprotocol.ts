/** The subprotocols that a client offers in its handshake: one header with commas between them, whatever it sent. */
export const offersIn = ({ "sec-websocket-protocol": header = "" }: Readonly<Record<string, string>>): string[] =>
  header.split(",").map((offer) => offer.trim());
