import type { IncomingMessage } from "node:http";
import type { Principal } from "../../iam/principal.ts";
import type { FunctionUrlConfig } from "../../terraform/function-urls.ts";

/** A request to a function URL, with its body. */
export interface UrlRequest {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** The URL of the request, and its caller, which is undefined if IAM is off. */
export interface UrlCall extends Pick<FunctionUrlConfig, "id"> {
  readonly accountId: string;
  readonly principal: Principal | undefined;
}

/**
 * The event of a request, in payload format 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
 */
export function eventOf(request: UrlRequest, { id, accountId, principal }: UrlCall): object {
  const { message, body, requestId, receivedAt } = request;
  const { method = "", url = "/", headers, socket, httpVersion } = message;
  const [rawPath = "/", rawQueryString = ""] = url.split(/\?(.*)/s, 2);
  const { cookie, ...others } = headers;
  const query = queryOf(rawQueryString);
  const isText = isTextual(headers["content-type"]);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers: { ...joined(others), "x-forwarded-for": socket.remoteAddress ?? "", "x-forwarded-proto": "https" },
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId: id,
      authentication: null,
      ...(principal && { authorizer: { iam: identityOf(principal) } }),
      domainName: headers.host,
      domainPrefix: id,
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${httpVersion}`,
        sourceIp: socket.remoteAddress,
        userAgent: headers["user-agent"],
      },
      requestId,
      routeKey: "$default",
      stage: "$default",
      time: timeOf(receivedAt),
      timeEpoch: receivedAt,
    },
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Values of the same name are separated by commas. */
function joined(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]));
}

function queryOf(rawQueryString: string): Record<string, string> | undefined {
  if (rawQueryString === "") return undefined;
  const parameters = new URLSearchParams(rawQueryString);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(",")]));
}

/** Bodies of other types, including forms, are encoded in Base64. */
const isTextual = (contentType = ""): boolean =>
  /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml))\s*(;|$))/i.test(contentType);

const identityOf = ({ arn, accountId, credentials }: Principal) => ({
  accessKey: credentials.accessKeyId,
  accountId,
  callerId: credentials.accessKeyId,
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: arn,
  userId: credentials.accessKeyId,
});

/** `12/Mar/2020:19:03:58 +0000` */
function timeOf(epochMilliseconds: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(
    new Date(epochMilliseconds).toUTCString(),
  ) as RegExpExecArray;
  return `${day}/${month}/${year}:${time} +0000`;
}
