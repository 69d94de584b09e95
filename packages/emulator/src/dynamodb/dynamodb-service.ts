import { request as send } from "node:http";
import { text } from "node:stream/consumers";
import type { ServiceHandler } from "../http-server.ts";

const HEADERS = ["content-type", "x-amz-crc32", "x-amzn-requestid"];

/**
 * Passes requests to the store, whose guard authorizes them. The `Host` header is not changed, because it is signed. Functions
 * call the store directly.
 */
export const dynamodbService =
  (storeUrl: string): ServiceHandler =>
  ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const request = send(new URL(path, storeUrl), { method, headers }, (response) => {
        const { statusCode: status = 500, headers: received } = response;
        const kept = HEADERS.flatMap((name) => (received[name] === undefined ? [] : [[name, String(received[name])]]));
        text(response).then((answer) => resolve({ status, headers: Object.fromEntries(kept), body: answer }), reject);
      });
      request.on("error", reject);
      request.end(body);
    });
