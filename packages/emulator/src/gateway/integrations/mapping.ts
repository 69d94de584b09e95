import type { MappingConfig, TemplatesConfig } from "../../terraform/integrations.ts";
import { routeSelection } from "../route-selection.ts";
import type { MappedEvent } from "./mapped-event.ts";
import { parameterMapping, type RequestParameters } from "./parameters.ts";
import { type Template, templateOf } from "./template.ts";

export interface BackendRequest {
  readonly body: string;
  readonly parameters: RequestParameters;
}

/** What a backend of a non-proxy integration said. */
export interface BackendAnswer {
  /** What chooses the integration response: an error's message for Lambda, the status otherwise (IN-05). */
  readonly selector: string;
  readonly status: number;
  readonly headers?: Headers;
  readonly body: string;
}

export interface Mapping {
  /** Undefined where no template fits, and the message may not pass as it is (IN-06). */
  request(event: MappedEvent): BackendRequest | undefined;
  /** The body for the client; undefined where no integration response is for this answer (IN-05). */
  response(answer: BackendAnswer, event: MappedEvent): string | undefined;
}

/** Prepares a mapping. Throws at what cannot be played, before any message comes. */
export function mappingOf({ parameters, request, passthrough, responses }: MappingConfig): Mapping {
  const select = routeSelection(request.selectionExpression ?? DEFAULT);
  const templates = templatesOf(request);
  const mayPass = passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && templates.size === 0);
  const parametersOf = parameterMapping(parameters);
  const prepared = responses.map(({ key, ...response }) => ({ key, render: responseOf(response) }));
  const fallback = prepared.find(({ key }) => key === DEFAULT);
  return {
    request(event) {
      const { body = "" } = event;
      const template = chosen(templates, select(body));
      if (!template && !mayPass) return undefined;
      return { body: template ? template(body, event) : body, parameters: parametersOf(event) };
    },
    response(answer, event) {
      const response = prepared.find(({ key }) => key !== DEFAULT && keyMatches(key, answer.selector)) ?? fallback;
      return response?.render(answer, event);
    },
  };
}

const DEFAULT = "$default";

const templatesOf = ({ templates }: TemplatesConfig): ReadonlyMap<string, Template> =>
  new Map(Object.entries(templates).map(([key, text]) => [key, templateOf(text)]));

const chosen = (templates: ReadonlyMap<string, Template>, key: string): Template | undefined =>
  templates.get(key) ?? templates.get(DEFAULT);

/** `/4\d{2}/` is a pattern of the whole selector. */
function keyMatches(key: string, selector: string): boolean {
  const [, pattern] = /^\/(.*)\/$/.exec(key) ?? [];
  return pattern === undefined ? key === selector : new RegExp(`^(?:${pattern})$`).test(selector);
}

function responseOf(config: TemplatesConfig): (answer: BackendAnswer, event: MappedEvent) => string {
  const templates = templatesOf(config);
  return (answer, event) => {
    const template = chosen(templates, selected(config.selectionExpression ?? DEFAULT, answer));
    return template ? template(answer.body, event) : answer.body;
  };
}

const SOURCE = /\$\{integration\.response\.(?:(statuscode)|header\.([\w-]+))\}/g;

const selected = (expression: string, { status, headers }: BackendAnswer): string =>
  expression.replaceAll(SOURCE, (_, isStatus: string | undefined, header: string) =>
    isStatus ? String(status) : (headers?.get(header) ?? ""),
  );
