import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { botocoreData } from "./data-folder.ts";

/** A member of a structure, or the element of a list or map. */
export interface Reference {
  readonly shape: string;
  readonly location?: "uri" | "querystring" | "header" | "headers" | "statusCode";
  readonly locationName?: string;
  readonly idempotencyToken?: boolean;
  readonly xmlAttribute?: boolean;
}

export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Reference>>;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly flattened?: boolean;
  readonly payload?: string;
  readonly union?: boolean;
  /** Any JSON. */
  readonly document?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly documentation?: string;
}

export interface Operation {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly deprecated?: boolean;
}

export interface ServiceModel {
  /** The folder's name, such as `apigatewayv2`. */
  readonly service: string;
  /** Names the file in messages. */
  readonly source: string;
  readonly metadata: {
    readonly protocol: string;
    readonly apiVersion: string;
    readonly targetPrefix?: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const models = new Map<string, ServiceModel | undefined>();

/** Botocore's newest model of a service, or nothing where botocore has no such service. */
export function serviceModel(service: string): ServiceModel | undefined {
  if (!models.has(service)) models.set(service, read(service));
  return models.get(service);
}

function read(service: string): ServiceModel | undefined {
  const folder = join(botocoreData(), service);
  if (!/^[a-z\d-]+$/.test(service) || !existsSync(folder)) return undefined;
  const version =
    readdirSync(folder)
      .filter((name) => /^\d{4}-\d\d-\d\d$/.test(name))
      .sort()
      .at(-1) ?? "";
  const plain = join(folder, version, "service-2.json");
  // Older versions of botocore do not compress their models.
  const json = existsSync(plain) ? readFileSync(plain, "utf8") : gunzipSync(readFileSync(`${plain}.gz`)).toString();
  return { ...JSON.parse(json), service, source: `botocore/data/${service}/${version}/service-2.json` };
}

export function shapeOf({ shapes, source }: ServiceModel, name: string): Shape {
  const shape = shapes[name];
  if (!shape) throw new Error(`${source} has no shape ${name}, which it refers to.`);
  return shape;
}
