import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";

const isRecord = (check) => (value) =>
  typeof value === "object" && value !== null && Object.values(value).every((each) => check(each));
const is = (type) => (value) => typeof value === type;
const oneOf =
  (...allowed) =>
  (value) =>
    allowed.includes(value);
const optional = (check) => (value) => value === undefined || value === null || check(value);

/** What a schema for WebSocket events requires of a message. */
const MESSAGE = {
  isBase64Encoded: is("boolean"),
  body: is("string"),
  stageVariables: optional(isRecord(is("string"))),
  "requestContext.routeKey": is("string"),
  "requestContext.eventType": oneOf("CONNECT", "DISCONNECT", "MESSAGE"),
  "requestContext.extendedRequestId": is("string"),
  "requestContext.requestTime": is("string"),
  "requestContext.messageDirection": oneOf("IN", "OUT"),
  "requestContext.messageId": is("string"),
  "requestContext.stage": is("string"),
  "requestContext.connectedAt": is("number"),
  "requestContext.requestTimeEpoch": is("number"),
  "requestContext.identity.sourceIp": is("string"),
  "requestContext.requestId": is("string"),
  "requestContext.domainName": is("string"),
  "requestContext.connectionId": is("string"),
  "requestContext.apiId": is("string"),
};

/** A handshake has headers, too. */
const CONNECT = {
  ...MESSAGE,
  body: optional(is("string")),
  "requestContext.messageId": is("undefined"),
  headers: isRecord(is("string")),
  multiValueHeaders: isRecord(Array.isArray),
};

const at = (event, path) => path.split(".").reduce((value, name) => value?.[name], event);

const wrong = (event, schema) =>
  Object.entries(schema)
    .filter(([path, check]) => !check(at(event, path)))
    .map(([path]) => path);

export const handler = async (event, context) => {
  const { eventType, connectionId, domainName, stage } = event.requestContext;
  const level = "INFO";
  const line = { level, message: eventType, function_request_id: context.awsRequestId };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (eventType === "CONNECT") {
    const missing = wrong(event, CONNECT);
    if (missing.length > 0) throw new Error(`The event does not match the schema: ${missing.join(", ")}`);
  }
  if (eventType !== "MESSAGE") return { statusCode: 200 };
  const client = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const Data = JSON.stringify({ wrong: wrong(event, MESSAGE), release: event.stageVariables?.release });
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
  return { statusCode: 200 };
};
