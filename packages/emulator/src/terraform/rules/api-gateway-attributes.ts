import { ARN, atLeast, bool, integer, json, oneOf, type TypeRules, text } from "./constraints.ts";

const AWS = "https://docs.aws.amazon.com/";
const V2 = `${AWS}apigatewayv2/latest/api-reference/`;
const DESCRIPTION = text([0, 1024]);
const NAME_128 = text([1, 128]);

const ROUTE_SETTINGS = (block: string) => ({
  [`${block}.throttling_rate_limit`]: atLeast(0),
  [`${block}.throttling_burst_limit`]: integer(0),
  [`${block}.logging_level`]: oneOf("ERROR", "INFO", "OFF"),
});

/** The rules of API Gateway for WebSocket APIs, by resource type. */
export const apiGatewayRules: Readonly<Record<string, TypeRules>> = {
  aws_apigatewayv2_api: {
    page: `${V2}apis.html`,
    required: ["name", "protocol_type", "route_selection_expression"],
    attributes: {
      name: NAME_128,
      description: DESCRIPTION,
      disable_execute_api_endpoint: bool,
      protocol_type: {
        fits: (value) => value === "WEBSOCKET",
        allowed: "WEBSOCKET, because the emulator does not support HTTP APIs",
      },
      route_selection_expression: {
        fits: (value) =>
          /^\$request\.body\.\S+$|^(\$\{request\.body\.[^}\s]+\}|[^$\s])+$|^\\?\$default$/.test(String(value)),
        allowed: `$request.body.PATH, or text that can contain variables such as \${request.body.PATH}`,
      },
    },
  },
  aws_apigatewayv2_authorizer: {
    page: `${V2}apis-apiid-authorizers.html`,
    required: ["api_id", "name", "authorizer_type", "authorizer_uri"],
    attributes: {
      name: NAME_128,
      authorizer_type: {
        fits: (value) => value === "REQUEST",
        allowed: "REQUEST, the only type that WebSocket APIs support",
      },
      authorizer_uri: text([1, 2048], {
        pattern: /^arn:aws[a-z-]*:apigateway:.+\/invocations$/,
        shape: "the invoke_arn of a function",
      }),
      authorizer_result_ttl_in_seconds: {
        fits: (value) => Number(value) === 0,
        allowed: "absent or 0: WebSocket APIs do not cache the results of authorizers",
      },
      "identity_sources[]": {
        fits: (value) => /^(route\.request\.(querystring|header)|stageVariables|context)\.[\w.-]+$/.test(String(value)),
        allowed: "route.request.header.NAME, route.request.querystring.NAME, stageVariables.NAME or context.NAME",
      },
    },
    unique: [{ attributes: ["name", "api_id"] }],
  },
  aws_apigatewayv2_deployment: {
    page: `${V2}apis-apiid-deployments.html`,
    required: ["api_id"],
    attributes: { description: DESCRIPTION },
  },
  aws_apigatewayv2_integration: {
    page: `${V2}apis-apiid-integrations.html`,
    required: ["api_id", "integration_type"],
    attributes: {
      integration_type: oneOf("AWS_PROXY", "AWS", "HTTP_PROXY", "HTTP", "MOCK"),
      integration_uri: text([1, 2048]),
      integration_method: oneOf("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
      timeout_milliseconds: integer(50, 29_000),
      passthrough_behavior: oneOf("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
      description: DESCRIPTION,
      "request_templates.*": text([0, 32_768]),
      "request_parameters.*": text([1, 512]),
    },
  },
  aws_apigatewayv2_integration_response: {
    page: `${V2}apis-apiid-integrations-integrationid-integrationresponses.html`,
    required: ["api_id", "integration_id", "integration_response_key"],
    attributes: {
      integration_response_key: {
        fits: (value) => /^(\$default|\/.+\/)$/.test(String(value)),
        allowed: "$default, or a regular expression between slashes such as /400/",
      },
      "response_templates.*": text([0, 32_768]),
    },
    unique: [{ attributes: ["integration_response_key", "integration_id"] }],
  },
  aws_apigatewayv2_model: {
    page: `${V2}apis-apiid-models.html`,
    required: ["api_id", "name", "schema"],
    attributes: {
      name: text([1, 128], { pattern: /^[A-Za-z0-9]+$/, shape: "letters and digits" }),
      content_type: text([1, 256]),
      description: DESCRIPTION,
      schema: {
        ...json,
        fits: (value) => json.fits(value) && String(value).length <= 32_768,
        allowed: "a JSON Schema of at most 32,768 characters",
      },
    },
    unique: [{ attributes: ["name", "api_id"] }],
  },
  aws_apigatewayv2_route: {
    page: `${AWS}apigateway/latest/developerguide/websocket-api-develop-routes.html`,
    required: ["api_id", "route_key"],
    attributes: {
      route_key: {
        fits: (value) => /^(\$(connect|disconnect|default)|[^$].*)$/s.test(String(value)),
        allowed: "$connect, $disconnect, $default, or a key that does not begin with $",
      },
      target: text([1, 128], { pattern: /^integrations\/.+$/, shape: "integrations/ID" }),
      authorization_type: oneOf("NONE", "AWS_IAM", "CUSTOM"),
      route_response_selection_expression: oneOf("$default"),
      operation_name: text([1, 64]),
      "request_models.*": NAME_128,
    },
    // ConflictException: Route with key … already exists for this API.
    unique: [{ attributes: ["route_key", "api_id"] }],
  },
  aws_apigatewayv2_route_response: {
    page: `${AWS}apigateway/latest/developerguide/apigateway-websocket-api-route-response.html`,
    required: ["api_id", "route_id", "route_response_key"],
    attributes: {
      route_response_key: { ...oneOf("$default"), allowed: "$default, the only key that API Gateway allows" },
    },
    unique: [{ attributes: ["route_id"] }],
  },
  aws_apigatewayv2_stage: {
    page: `${V2}apis-apiid-stages.html`,
    required: ["api_id", "name"],
    requiredInBlocks: ["route_settings.route_key", "access_log_settings.destination_arn", "access_log_settings.format"],
    attributes: {
      auto_deploy: bool,
      name: text([1, 128], { pattern: /^(\$default|[A-Za-z0-9_-]+)$/, shape: "letters, digits and -_" }),
      description: DESCRIPTION,
      ...ROUTE_SETTINGS("default_route_settings"),
      ...ROUTE_SETTINGS("route_settings"),
      "stage_variables.*": text([1, 512], {
        pattern: /^[A-Za-z0-9\-._~:/?#&=,]+$/,
        shape: "letters, digits and -._~:/?#&=,",
      }),
      "access_log_settings.destination_arn": text([1, 2048], {
        ...ARN,
        shape: "the ARN of a log group or a Firehose stream",
      }),
      "access_log_settings.format": text([1, 1024], {
        pattern: /\$context\.(requestId|extendedRequestId)\b/,
        shape: "including $context.requestId or $context.extendedRequestId",
      }),
    },
    unique: [{ attributes: ["name", "api_id"] }],
  },
};
