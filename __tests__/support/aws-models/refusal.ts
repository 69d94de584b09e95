import type { Call, Problem, Protocol } from "./call.ts";

/** AWS's answer to a request that it rejects. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The code of a service for input that its model rejects. */
const CODES: Readonly<Record<string, string>> = {
  acm: "ValidationException",
  apigateway: "BadRequestException",
  apigatewayv2: "BadRequestException",
  cloudfront: "InvalidArgument",
  cloudwatch: "ValidationError",
  "cognito-idp": "InvalidParameterException",
  iam: "ValidationError",
  logs: "InvalidParameterException",
  route53: "InvalidInput",
  s3: "InvalidRequest",
  sns: "InvalidParameter",
  sqs: "InvalidAttributeValue",
  sts: "ValidationError",
};

const ANY_OTHER = "ValidationException";

export function refusalOf({ service, protocol }: Call, problems: readonly Problem[], message: string): Refusal {
  const { code = CODES[service] ?? ANY_OTHER, status = 400 } = problems[0] ?? {};
  return written(protocol, { status, code, message, service });
}

export interface AwsError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly service?: string;
}

/** An error in the format of the protocol. */
export function written(protocol: Protocol, { status, code, message, service }: AwsError): Refusal {
  if (protocol === "json" || protocol === "rest-json") {
    const type = protocol === "json" ? "application/x-amz-json-1.1" : "application/json";
    return {
      status,
      headers: { "content-type": type, "x-amzn-errortype": code },
      body: JSON.stringify({ __type: code, message, Message: message }),
    };
  }
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  // Only S3 has the error at the root. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  const body = service === "s3" ? error : `<ErrorResponse>${error}<RequestId>refused</RequestId></ErrorResponse>`;
  return { status, headers: { "content-type": "text/xml" }, body };
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
