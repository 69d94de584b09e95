import { EventEmitter, on } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, start } from "@serverless-chat/emulator";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import type { SdkTable } from "../../aws/table/sdk-client.ts";
import type { Tally } from "../../chat/fan-out/delivery.ts";
import { bundle } from "../../infra/bundle.ts";
import { awsName } from "../../infra/names.ts";
import { type PushProxy, startPushProxy } from "./push-proxy.ts";
import { bundles, environment, synthesizedChat } from "./synthesized.ts";
import { tableOf } from "./table.ts";

/** The chat on the emulator, with a proxy between its fan-out and the management API. */
export interface ProxiedChat extends Pick<Emulator, "url" | "stop"> {
  readonly proxy: PushProxy;
  readonly table: SdkTable;
  /** The logged tallies of fan-outs so far, by function. */
  readonly tallies: Readonly<Record<"send-message" | "fan-out", Tally[]>>;
  /** The error types of failed invocations. */
  readonly errorTypes: string[];
  /** The events in the queue of failed events. */
  failedEvents(): FailedEvent[];
  /** Resolves when the condition is true. Checks it after each log line. */
  until(holds: () => boolean): Promise<void>;
}

export interface FailedEvent {
  readonly requestContext: { readonly condition: string; readonly approximateInvokeCount: number };
  readonly requestPayload: { readonly recipients: readonly { readonly id: string }[] };
  readonly responsePayload: { readonly errorMessage: string };
}

const PROXIED = { folder: "__tests__/fixtures/push-proxy", entries: ["send-message", "fan-out"] };

export async function startProxiedChat(): Promise<ProxiedChat> {
  const proxy = await startPushProxy();
  const logged = new EventEmitter();
  const tallies: ProxiedChat["tallies"] = { "send-message": [], "fan-out": [] };
  const errorTypes: string[] = [];
  const emulator = await start({
    stackDirectory: pushingTo(`${proxy.url}/${environment.stageName}`),
    log({ source, message }) {
      const { tally, errorType } = message as { tally?: Tally; errorType?: string };
      if (tally) tallies[source === awsName(environment, "fan-out") ? "fan-out" : "send-message"].push(tally);
      if (errorType) errorTypes.push(errorType);
      logged.emit("line");
    },
  });
  proxy.target = emulator.managementUrl;
  const table = tableOf(emulator);
  return {
    url: emulator.url,
    proxy,
    table,
    tallies,
    errorTypes,
    failedEvents() {
      const queue = emulator.queues.get(awsName(environment, "fan-out-failed"));
      return (queue?.messages ?? []).map(({ body }) => JSON.parse(body));
    },
    async until(holds) {
      const lines = on(logged, "line");
      while (!holds()) await lines.next();
      await lines.return?.();
    },
    async stop() {
      await emulator.stop();
      await proxy.stop();
      table.client.destroy();
    },
  };
}

/** A stack whose fan-out pushes to another address. */
function pushingTo(url: string): string {
  const directory = synthesizedChat({ bundles: new Map([...bundles(), ...bundle(PROXIED, temporaryDirectory())]) });
  const path = join(directory, "cdk.tf.json");
  const stack = JSON.parse(readFileSync(path, "utf8"));
  for (const entry of PROXIED.entries) {
    stack.resource.aws_lambda_function[entry].environment.variables.PUSH_PROXY = url;
  }
  writeFileSync(path, JSON.stringify(stack));
  return directory;
}
