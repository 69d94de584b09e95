import type { Answered, Asked } from "./bucket-policies.ts";

type Json = Record<string, unknown>;

const STAGES_PATH = /^\/v2\/apis\/([^/]+)\/stages$/;
/** A stage, or the part of it that a request deletes. */
const STAGE_PATH = /^\/v2\/apis\/([^/]+)\/stages\/([^/?]+)(?:\/(accesslogsettings)|\/routesettings\/([^/?]+))?$/;
const TAGS_PATH = /^\/v2\/tags\/([^?]+)/;
const STAGE_ARN = /:\/apis\/([^/]+)\/stages\/([^/]+)$/;

export interface StageUpdates {
  answer(asked: Asked): Answered | undefined;
  /** Learns from moto's answer to CreateStage, and completes its list of stages. */
  complete(asked: Asked, answered: string): string;
}

/** Keeps WebSocket stages in moto's place once they are created: moto has neither UpdateStage nor tags of stages. */
export function stageUpdates(): StageUpdates {
  const stages = new Map<string, Json>();
  return {
    answer(asked) {
      const [, arn = ""] = TAGS_PATH.exec(asked.url) ?? [];
      const [, api = "", name = ""] = STAGE_ARN.exec(decodeURIComponent(arn)) ?? STAGE_PATH.exec(asked.url) ?? [];
      const key = `${api}/${decodeURIComponent(name)}`;
      const stage = stages.get(key);
      if (!stage) return undefined;
      if (arn) return answerTags(stage, asked);
      if (isDeletedWhole(asked)) {
        stages.delete(key);
        return undefined;
      }
      change(stage, asked);
      return asked.method === "DELETE" ? { status: 204 } : { status: 200, body: JSON.stringify(stage) };
    },
    complete({ method, url }, answered) {
      const [, api] = STAGES_PATH.exec(url) ?? [];
      if (!api) return answered;
      const json: Json & { items?: Json[] } = JSON.parse(answered);
      if (method === "POST") stages.set(`${api}/${json.stageName}`, json);
      if (!json.items) return answered;
      return JSON.stringify({
        ...json,
        items: json.items.map((each) => stages.get(`${api}/${each.stageName}`) ?? each),
      });
    },
  };
}

function isDeletedWhole({ method, url }: Asked): boolean {
  const [, , , log, route] = STAGE_PATH.exec(url) ?? [];
  return method === "DELETE" && log === undefined && route === undefined;
}

/** UpdateStage, DeleteAccessLogSettings and DeleteRouteSettings. Route settings change one by one, other members as a whole. */
function change(stage: Json, { method, url, body }: Asked): void {
  const [, , , log, route] = STAGE_PATH.exec(url) ?? [];
  const routeSettings: Json = { ...(stage.routeSettings as Json | undefined) };
  if (log !== undefined) delete stage.accessLogSettings;
  if (route !== undefined) {
    delete routeSettings[decodeURIComponent(route)];
    Object.assign(stage, { routeSettings });
  }
  if (method !== "PATCH") return;
  const patch: Json & { accessLogSettings?: Json } = JSON.parse(body);
  Object.assign(stage, patch, { routeSettings: { ...routeSettings, ...(patch.routeSettings as Json | undefined) } });
  // Without a destination, access logs are off.
  if (patch.accessLogSettings && !patch.accessLogSettings.destinationArn) delete stage.accessLogSettings;
}

function answerTags(stage: Json, { method, url, body }: Asked): Answered {
  const tags = (stage.tags ?? {}) as Record<string, string>;
  if (method === "GET") return { status: 200, body: JSON.stringify({ tags }) };
  const removed = new URL(url, "http://aws").searchParams.getAll("tagKeys");
  const kept = Object.entries(tags).filter(([key]) => !removed.includes(key));
  stage.tags = { ...Object.fromEntries(kept), ...(method === "POST" && JSON.parse(body).tags) };
  return method === "POST" ? { status: 201, body: "{}" } : { status: 204 };
}
