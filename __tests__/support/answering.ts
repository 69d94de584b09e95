import { createServer, type RequestListener } from "node:http";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/listen";

/** A server that answers as a test says. */
export interface Answering {
  readonly url: string;
  answer: RequestListener;
  /** How many there have been. */
  connections: number;
  stop(): Promise<void>;
}

export async function startAnswering(): Promise<Answering> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answering.answer(request, response));
  });
  const answering: Answering = {
    url: `http://${LOOPBACK}:${await listen(server, 0)}`,
    answer: (_, response) => response.end(),
    connections: 0,
    stop: () => close(server),
  };
  server.on("connection", () => {
    answering.connections += 1;
  });
  return answering;
}
