import { createServer } from "node:http";
import { close, LOOPBACK, listen, readBody } from "@serverless-chat/emulator/http-server";
import { expect } from "chai";

/** A proxy in front of DynamoDB. */
export interface LosingProxy {
  readonly url: string;
  /** Lets the next request take effect, and closes the connection in place of its response. */
  loseResponse<Result>(call: () => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
}

export async function startLosingProxy(target: string): Promise<LosingProxy> {
  let isLosing = false;
  const server = createServer(async (request, response) => {
    const { host, connection, "content-length": length, ...headers } = request.headers;
    const body = await readBody(request);
    const answer = await fetch(target, {
      method: "POST",
      headers: headers as Record<string, string>,
      body: String(body),
    });
    const text = await answer.text();
    if (!isLosing) return response.writeHead(answer.status).end(text);
    isLosing = false;
    return request.socket.destroy();
  });
  const url = `http://${LOOPBACK}:${await listen(server, 0)}`;
  return {
    url,
    async loseResponse(call) {
      isLosing = true;
      const result = await call();
      expect(isLosing, "the response was not lost").to.equal(false);
      return result;
    },
    stop: () => close(server),
  };
}
