import type { IncomingMessage } from "node:http";
import type { StageConfig } from "../terraform/stage.ts";
import { FORBIDDEN, type Refusal } from "./refusal.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const URL_CHARACTERS_MAX = 4_096;

/** Whether a request asks for a WebSocket of this stage, and is one that could have it; if not, how it is refused. */
export function refusalOf(request: IncomingMessage, stage: StageConfig): Refusal | undefined {
  const { url = "", headers } = request;
  if (`ws://${headers.host}${url}`.length > URL_CHARACTERS_MAX) return { status: 414, message: "URI Too Long" };
  const [path] = url.split("?");
  const isStage = path === `/${stage.name}` || path === `/${stage.name}/`;
  if (!isStage || !stage.isDeployed || !stage.isEndpointEnabled) return FORBIDDEN;
  return isWellFormed(request) ? undefined : { status: 400, message: "Bad Request" };
}

/** Checked before `$connect` and not after it, where ws would. https://datatracker.ietf.org/doc/html/rfc6455#section-4.2.1 */
const isWellFormed = ({ method, headers }: IncomingMessage): boolean =>
  method === "GET" &&
  headers.upgrade?.toLowerCase() === "websocket" &&
  headers["sec-websocket-version"] === "13" &&
  /^[+/\w]{22}==$/.test(headers["sec-websocket-key"] ?? "");
