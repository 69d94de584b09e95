import type { Call, HttpRequest, Parameters, Problem, Protocol } from "./call.ts";
import { parametersFromForm, versionProblem } from "./form.ts";
import { type ServiceModel, serviceModel } from "./model.ts";
import { matchRoute, parametersFromRest } from "./rest.ts";
import { fromJson, type Wire } from "./wire.ts";

/** The folders of botocore that differ from the signing name. */
const FOLDERS: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

const SCOPE = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

interface Signed {
  readonly request: HttpRequest;
  readonly model: ServiceModel;
  readonly region: string;
}

interface Read {
  readonly operation: string;
  readonly parameters: Parameters;
  readonly problems?: readonly Problem[];
}

/** Reads a signed request as a call of an operation. Throws with a readable message if AWS has no such operation. */
export function readCall(request: HttpRequest): Call {
  const signed = signedRequest(request);
  const { model, region } = signed;
  const unknown: Problem[] = [];
  const wire: Wire = { model, report: (problem) => unknown.push(problem) };
  const protocol = protocolOf(signed);
  const { operation, parameters, problems = [] } = READERS[protocol](wire, signed);
  return { service: model.service, operation, region, protocol, model, parameters, unknown: [...problems, ...unknown] };
}

/** Finds service and region in the signature. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
function signedRequest(request: HttpRequest): Signed {
  const { authorization = "" } = request.headers;
  const [, region = "", signer = ""] = SCOPE.exec(authorization) ?? [];
  if (!signer) {
    throw new Error(
      `${request.method} ${request.url} has no AWS signature, so its service is unknown. Sign the request.`,
    );
  }
  // Both generations of API Gateway sign as "apigateway".
  const isV2 = signer === "apigateway" && request.url.startsWith("/v2/");
  const service = isV2 ? "apigatewayv2" : (FOLDERS[signer] ?? signer);
  const model = serviceModel(service);
  if (!model) {
    throw new Error(`${request.method} ${request.url} is signed for "${signer}", which botocore has no model of.`);
  }
  return { request, model, region };
}

/** The protocol depends on the request, because CloudWatch and others support several. */
function protocolOf({ request: { headers }, model }: Signed): Protocol {
  if (headers["smithy-protocol"]) {
    throw new Error(
      `A request to ${model.service} uses the protocol ${headers["smithy-protocol"]}, which cannot be read here.` +
        " Readable protocols are json, query, rest-json and rest-xml.",
    );
  }
  if (headers["x-amz-target"]) return "json";
  const { protocol } = model.metadata;
  return protocol === "rest-json" || protocol === "rest-xml" ? protocol : "query";
}

const READERS: Readonly<Record<Protocol, (wire: Wire, signed: Signed) => Read>> = {
  json: readJson,
  query: readForm,
  "rest-json": readRest,
  "rest-xml": readRest,
};

function readJson(wire: Wire, { request, model }: Signed): Read {
  const target = request.headers["x-amz-target"] ?? "";
  const { targetPrefix } = model.metadata;
  const operation = target.slice(target.lastIndexOf(".") + 1);
  const input = inputOf(model, operation);
  const problems =
    target === `${targetPrefix}.${operation}`
      ? []
      : [
          {
            member: "X-Amz-Target",
            problem: `is "${target}"; AWS accepts "${targetPrefix}.${operation}"`,
            rule: model.source,
          },
        ];
  const body = request.body ? JSON.parse(request.body) : {};
  const parameters = input ? (fromJson(wire, { shape: input, value: body }, "") as Parameters) : {};
  return { operation, parameters, problems };
}

function readForm(wire: Wire, { request, model }: Signed): Read {
  const values = new Map(new URLSearchParams(request.body || request.url.split("?")[1]));
  const operation = values.get("Action") ?? "";
  const parameters = parametersFromForm(wire, values, inputOf(model, operation));
  return { operation, parameters, problems: versionProblem(model, values.get("Version")) };
}

function readRest(wire: Wire, { request, model }: Signed): Read {
  const matched = matchRoute(model, request);
  if (!matched) throw new Error(`${model.service} has no operation at ${request.method} ${request.url}.`);
  const { name: operation } = matched.route.operation;
  return { operation, parameters: parametersFromRest(wire, request, matched) };
}

function inputOf(model: ServiceModel, operation: string): string | undefined {
  const known = model.operations[operation];
  if (!known)
    throw new Error(`${model.service} has no operation "${operation}". Its operations are in ${model.source}.`);
  return known.input?.shape;
}
