import Pool from "undici/lib/dispatcher/pool.js";
import { forEachConcurrently } from "../../chat/fan-out/concurrency.ts";

/** Lists the connections, so that no table is needed. */
interface FloorEvent {
  readonly connectionIds: readonly string[];
  readonly body: string;
}

/** The initial size of the chat's push window. */
const POSTS_AT_ONCE = 32;

const endpoint = new URL(process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI ?? "");
const pool = new Pool(endpoint.origin, { connections: 128 });

/** The lower bound of any fan-out with this HTTP client: one unsigned post to each connection. */
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
