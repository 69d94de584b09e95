/** The subprotocols that a client offers. API Gateway joins several headers into one, with commas. */
export const offersIn = ({ "sec-websocket-protocol": header = "" }: Readonly<Record<string, string>>): string[] =>
  header.split(",").map((offer) => offer.trim());
