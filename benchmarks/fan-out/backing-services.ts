import { variablesOf } from "../../aws/config.ts";
import { environments } from "../../infra/environments.ts";
import { functionSettingsIn } from "../../infra/settings/function-settings.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { endChild, request, startChild, urlOf } from "../harness/child-process.ts";
import { clientTlsVariables } from "../harness/tls.ts";
import type { Received } from "./push-receiver.ts";
import { type Actor, channelOf } from "./seed.ts";
import type { TableRequest, TableUse } from "./table-process.ts";

/** Most of this is for filling the tables. */
const START_SECONDS_MAX = 120;

const [environment] = environments as readonly [Environment];

/** The services that functions call: the table with its audiences, and the receiver of pushes. Each is a process. */
export interface BackingServices {
  /** The environment variables of the functions. */
  readonly variables: Readonly<Record<string, string>>;
  /** What was received since the last call. */
  received(which: "events" | "all"): Promise<Received>;
  /** The requests to the table since the last call, and their capacity units. */
  tableUse(): Promise<TableUse>;
  /** Creates a channel with one member, whose user name is that of the channel. */
  addMember(actor: Actor): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the services with a channel for each size. */
export async function startBackingServices(
  sizes: readonly number[],
  scheme: "http" | "https" = "http",
): Promise<BackingServices> {
  const receiver = startChild(new URL("./push-receiver.ts", import.meta.url), [scheme]);
  const table = startChild(new URL("./table-process.ts", import.meta.url), [scheme, JSON.stringify(sizes)]);
  const [receiverUrl, tableUrl] = [await urlOf(receiver, START_SECONDS_MAX), await urlOf(table, START_SECONDS_MAX)];
  const settings = functionSettingsIn({ ...environment, publish: { channels: sizes.map(channelOf) } }, []);
  const requestTable = (message: TableRequest): Promise<TableUse> => request(table, message);
  return {
    variables: {
      ...(scheme === "https" && clientTlsVariables),
      AWS_REGION: "eu-west-2",
      AWS_LAMBDA_FUNCTION_NAME: "benchmark",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SESSION_TOKEN: "local",
      AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
      AWS_ENDPOINT_URL_LAMBDA: receiverUrl,
      ...variablesOf({ ...settings, managementEndpoint: `${receiverUrl}/dev` }),
    },
    received: (which) => request(receiver, which),
    tableUse: () => requestTable("used"),
    addMember: requestTable,
    async stop() {
      for (const child of [receiver, table]) await endChild(child);
    },
  };
}
