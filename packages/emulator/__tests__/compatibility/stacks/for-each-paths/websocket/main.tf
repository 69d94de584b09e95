data "aws_caller_identity" "current" {}

variable "name" {
  type = string
}

variable "repo" {
  type    = string
  default = ""
}

variable "paths" {
  type    = list
  default = []
}

locals {
  repo = length(var.repo) > 0 ? var.repo : replace(var.name, "-", ".")
}

resource "aws_apigatewayv2_api" "ws" {
  name                       = var.name
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"

  tags = {
    Application = var.name
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions = [
      "s3:GetObject",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "logs:CreateLogGroup"
    ]
    resources = ["*"]
  }

  statement {
    actions = [
      "execute-api:ManageConnections"
    ]
    resources = [
      "arn:aws:execute-api:us-east-1:${data.aws_caller_identity.current.account_id}:${aws_apigatewayv2_api.ws.id}/*"
    ]
  }

  statement {
    actions = [
      "sts:AssumeRole"
    ]
    resources = [
      "arn:aws:iam::*:role/${var.name}-lambda-ws-execution"
    ]
  }
}

resource "aws_iam_policy" "execution" {
  name   = "${var.name}-lambda-ws-execution"
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-lambda-ws-execution"
  assume_role_policy = data.aws_iam_policy_document.assume.json
  tags = {
    Application = var.name
  }
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = aws_iam_policy.execution.arn
}

data "archive_file" "code" {
  for_each    = toset(var.paths)
  type        = "zip"
  output_path = "./${each.value}.zip"

  source {
    content  = file("${path.module}/handlers/ws_${each.value}.js")
    filename = "ws_${each.value}.js"
  }

  source {
    content  = "module.exports = ${jsonencode({ path = each.value })};"
    filename = "settings.js"
  }
}

resource "aws_lambda_function" "websocket_lambda" {
  for_each      = toset(var.paths)
  filename      = data.archive_file.code[each.value].output_path
  function_name = "${var.name}_ws_${each.value}"
  role          = aws_iam_role.execution.arn
  handler       = "ws_${each.value}.handler"
  runtime       = "nodejs16.x"
  timeout       = 10
  memory_size   = 5120
}

resource "aws_apigatewayv2_integration" "websocket_integration" {
  for_each         = toset(var.paths)
  api_id           = aws_apigatewayv2_api.ws.id
  integration_type = "AWS_PROXY"

  connection_type           = "INTERNET"
  content_handling_strategy = "CONVERT_TO_TEXT"
  integration_method        = "POST"
  integration_uri           = aws_lambda_function.websocket_lambda[each.value].invoke_arn
  passthrough_behavior      = "WHEN_NO_MATCH"
}

resource "aws_lambda_permission" "websocket_permission" {
  for_each      = toset(var.paths)
  statement_id  = "AllowExecutionFromAPIGateway"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.websocket_lambda[each.value].function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_apigatewayv2_route" "websocket_route" {
  for_each  = toset(var.paths)
  api_id    = aws_apigatewayv2_api.ws.id
  route_key = replace(each.value, "/^on/", "$")
  target = "integrations/${aws_apigatewayv2_integration.websocket_integration[each.value].id}"
}

resource "aws_apigatewayv2_deployment" "ws" {
  api_id      = aws_apigatewayv2_api.ws.id
  description = "Latest Deployment"

  triggers = {
    redeployment = sha1(join(",", var.paths))
  }

  depends_on  = [
    aws_apigatewayv2_route.websocket_route
  ]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_stage" "ws" {
  api_id        = aws_apigatewayv2_api.ws.id
  name          = "production"
  deployment_id = aws_apigatewayv2_deployment.ws.id
  default_route_settings {
    logging_level = "INFO"
    throttling_burst_limit = 5000
    throttling_rate_limit = 10000
  }
}
