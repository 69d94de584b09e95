import type { SignedRequest } from "../../src/iam/signature.ts";

/** The credentials of the recorded requests, with the example secret of the AWS documentation. */
export const RECORDED_CREDENTIALS = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==",
};

/** When the requests were signed. */
export const RECORDED_AT = Date.UTC(2026, 10, 24, 3, 49);

/**
 * Requests of clients that tests cannot run: aws-cli 1.45 with botocore 1.43, and @smithy/signature-v4 as used in browsers.
 * Unsigned headers are removed.
 */
export const recordedRequests: readonly {
  readonly title: string;
  readonly service: string;
  readonly request: SignedRequest;
}[] = [
  {
    title: "a push of the aws CLI",
    service: "execute-api",
    request: {
      method: "POST",
      path: "/dev/@connections/L0SM9cOFvHcCIhw%3D",
      headers: {
        host: "127.0.0.1:8799",
        "x-amz-date": "20261124T034858Z",
        "x-amz-security-token": "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==",
        authorization:
          "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261124/eu-west-2/execute-api/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=d56d2f8f73f5108f1c36e88f4aa68af23594b54308fe6254d1ae2632d69843d3",
      },
      body: "héllo",
    },
  },
  {
    title: "a DeleteConnection of the aws CLI",
    service: "execute-api",
    request: {
      method: "DELETE",
      path: "/dev/@connections/L0SM9cOFvHcCIhw%3D",
      headers: {
        host: "127.0.0.1:8799",
        "x-amz-date": "20261124T034859Z",
        "x-amz-security-token": "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==",
        authorization:
          "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261124/eu-west-2/execute-api/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=c54e63538f7ec9cabbbecf0cb799bc564e1cabef5779c18f684283fca5b1ed1a",
      },
      body: "",
    },
  },
  {
    title: "a GetItem of the aws CLI",
    service: "dynamodb",
    request: {
      method: "POST",
      path: "/",
      headers: {
        host: "127.0.0.1:8799",
        "x-amz-target": "DynamoDB_20120810.GetItem",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-date": "20261124T034900Z",
        "x-amz-security-token": "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==",
        authorization:
          "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261124/eu-west-2/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=ae35f4ffca6664708ec927c7ae574c3d1a99c9af250897ab24dd40db6c78e5fe",
      },
      body: '{"TableName": "items", "Key": {"pk": {"S": "CONN#\\u00e9"}}}',
    },
  },
  {
    title: "an Invoke of the aws CLI",
    service: "lambda",
    request: {
      method: "POST",
      path: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-2%3A000000000000%3Afunction%3Afan-out/invocations",
      headers: {
        host: "127.0.0.1:8799",
        "x-amz-invocation-type": "Event",
        "x-amz-date": "20261124T034901Z",
        "x-amz-security-token": "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==",
        authorization:
          "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261124/eu-west-2/lambda/aws4_request, SignedHeaders=host;x-amz-date;x-amz-invocation-type;x-amz-security-token, Signature=ad7bf7ca7619d495133f2394c0f89fe90e9e809afa9f6c0d825ab46a41f3bdde",
      },
      body: "héllo",
    },
  },
  {
    title: "a handshake that a browser's signer made",
    service: "execute-api",
    request: {
      method: "GET",
      path: "/dev?X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEaCXVzLWVhc3QtMQ%3D%3D&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAEXAMPLE%2F20261124%2Feu-west-2%2Fexecute-api%2Faws4_request&X-Amz-Date=20261124T034901Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=717d709f00e7f67f80fe12803e3473a2e3e38ac5f2f6eea68df869a0c3812df3",
      headers: {
        host: "127.0.0.1:8799",
      },
      body: "",
    },
  },
  {
    title: "a handshake with a query string of its own",
    service: "execute-api",
    request: {
      method: "GET",
      path: "/dev?name=Zo%C3%AB%20%26%20co%3F&a=1&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEaCXVzLWVhc3QtMQ%3D%3D&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAEXAMPLE%2F20261124%2Feu-west-2%2Fexecute-api%2Faws4_request&X-Amz-Date=20261124T034901Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=a2d2c394d89a4666ab9bb865529bf27d33c1d09c87ef58afe27f7fe5320ecfe3",
      headers: {
        host: "127.0.0.1:8799",
      },
      body: "",
    },
  },
];
