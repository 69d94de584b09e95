import Pool from "undici/lib/dispatcher/pool.js";
import { forEachConcurrently } from "../../chat/fan-out/concurrency.ts";

/** The connections to post to, as a list: there is no table. */
interface FloorEvent {
  readonly connectionIds: readonly string[];
  readonly body: string;
}

/** As many as the chat's window has at first. */
const POSTS_AT_ONCE = 32;

const endpoint = new URL(process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI ?? "");
const pool = new Pool(endpoint.origin, { connections: 128 });

/** What no fan-out on this HTTP library can do without: a post each, unsigned. */
export const handler = async ({ connectionIds, body }: FloorEvent) => {
  await forEachConcurrently(
    connectionIds,
    (id) => post(`${endpoint.pathname}/@connections/${id}`, body),
    () => POSTS_AT_ONCE,
  );
};

const post = (path: string, body: string): Promise<void> =>
  new Promise((resolve, reject) => {
    pool.dispatch(
      { method: "POST", path, body },
      {
        onRequestStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(),
        onResponseError: (_, fault) => reject(fault),
      },
    );
  });
