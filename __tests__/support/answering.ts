import { createServer, type RequestListener } from "node:http";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/http-server";

/** A server whose responses a test defines. */
export interface Answering {
  readonly url: string;
  answer: RequestListener;
  /** The number of requests so far. */
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
