import type { Call, HttpRequest, Parameters, Problem } from "../aws-models/call.ts";
import { type Element, parseXml } from "../aws-models/xml.ts";

/** Sends a request without checks. Returns the body of the answer for any status. */
export type Send = (request: HttpRequest) => Promise<string>;

/** Requests that AWS rejects because of the state of other resources, which is read from moto. */
export type OrderRule = (call: Call, aws: ControlPlane) => Promise<readonly Problem[]>;

/** By operations, such as `apigatewayv2.DeleteAuthorizer`. */
export type OrderRules = Readonly<Record<string, OrderRule>>;

/** Reads the resources in the region of a call. */
export interface ControlPlane {
  /** `GET` of a service that speaks rest-json. */
  get(signer: string, path: string): Promise<Parameters>;
  /** `GET` of a service that speaks rest-xml. */
  xml(signer: string, path: string): Promise<Element>;
  /** The `items` of a list of API Gateway. */
  items(path: string): Promise<readonly Parameters[]>;
  json(signer: string, target: string, body: object): Promise<Parameters>;
  iam(action: string, parameters: Readonly<Record<string, string>>): Promise<Element>;
}

export function controlPlane(send: Send, region: string): ControlPlane {
  const signed = (signer: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${signer}/aws4_request, SignedHeaders=host, Signature=0`,
  });
  const get = async (signer: string, url: string): Promise<Parameters> =>
    JSON.parse(await send({ method: "GET", url, headers: signed(signer), body: "" }));
  return {
    get,
    xml: async (signer, url) => parseXml(await send({ method: "GET", url, headers: signed(signer), body: "" })),
    async items(path) {
      const { items = [] } = await get("apigateway", path);
      return items as readonly Parameters[];
    },
    async json(signer, target, body) {
      const headers = { ...signed(signer), "x-amz-target": target, "content-type": "application/x-amz-json-1.1" };
      return JSON.parse(await send({ method: "POST", url: "/", headers, body: JSON.stringify(body) }));
    },
    async iam(action, parameters) {
      const headers = { ...signed("iam"), "content-type": "application/x-www-form-urlencoded" };
      const form = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters });
      return parseXml(await send({ method: "POST", url: "/", headers, body: String(form) }));
    },
  };
}

/** The texts of all elements of a name, at any depth. */
export const textsOf = (element: Element, name: string): string[] =>
  element.children.flatMap((child) => (child.name === name ? [child.text] : textsOf(child, name)));
