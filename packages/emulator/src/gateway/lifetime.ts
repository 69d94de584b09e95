import type { Api } from "./api.ts";
import type { OpenConnection } from "./connection.ts";
import { hangUp } from "./disconnect.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const IDLE_MILLISECONDS_MAX = 10 * 60_000;
const LIFE_MILLISECONDS_MAX = 2 * 60 * 60_000;

/** What a client reads at the end of its time (LM-06, LM-08). */
const GOING_AWAY = { code: 1001, reason: "Going away" };

/**
 * Ends a connection that is idle for 10 minutes, and every one after 2 hours. Messages count, in either direction;
 * pings do not (LM-07). Gives what calls the watch off.
 */
export function limitLifetime(api: Api, connection: OpenConnection): () => void {
  const end = () => void hangUp(api, connection.id, GOING_AWAY);
  const forgetLife = api.clock.after(LIFE_MILLISECONDS_MAX, end);
  let forgetIdle: () => void;
  const lookAgainAfter = (milliseconds: number) => {
    forgetIdle = api.clock.after(milliseconds, () => {
      const left = connection.lastActiveAt + IDLE_MILLISECONDS_MAX - api.now();
      if (left <= 0) end();
      else lookAgainAfter(left);
    });
  };
  lookAgainAfter(IDLE_MILLISECONDS_MAX);
  return () => {
    forgetLife();
    forgetIdle();
  };
}
