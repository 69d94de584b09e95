import type { Asked } from "./bucket-policies.ts";

type Json = Record<string, unknown>;

const FUNCTION_PATH = /^\/2015-03-31\/functions(?:\/([^/?]+)(?:\/configuration)?)?\/?(?:\?|$)/;

/** moto never returns LoggingConfig, and ignores changes of the others. */
const FORGOTTEN = ["LoggingConfig", "TracingConfig", "EphemeralStorage", "DeadLetterConfig", "KMSKeyArn"] as const;

export interface FunctionSettings {
  /** Records the setting in a request. */
  remember(asked: Asked): void;
  /** Adds the setting to the response of moto. */
  complete(asked: Asked, answered: string): string;
}

/** Stores settings of functions instead of moto. Without them, Terraform would set them again in every plan. */
export function functionSettings(): FunctionSettings {
  const settings = new Map<string, Json>();
  return {
    remember({ method, url, body }) {
      const [isFunction, pathName] = FUNCTION_PATH.exec(url) ?? [];
      if (method === "DELETE" && pathName) settings.delete(pathName);
      if (!isFunction || !body) return;
      const { FunctionName = pathName, ...given }: Json & { FunctionName?: string } = JSON.parse(body);
      const kept = FORGOTTEN.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
      if (FunctionName) settings.set(FunctionName, { ...settings.get(FunctionName), ...Object.fromEntries(kept) });
    },
    complete({ url }, answered) {
      if (!answered || !FUNCTION_PATH.test(url)) return answered;
      const json: Json & { Configuration?: Json } = JSON.parse(answered);
      const configuration = json.Configuration ?? json;
      Object.assign(configuration, settings.get(String(configuration.FunctionName)));
      return JSON.stringify(json);
    },
  };
}
