provider "aws" {
  region = "us-east-1"
}

data "aws_iam_policy_document" "lambda" {
  for_each = {
    trust = { actions = ["sts:AssumeRole"], principals = ["lambda.amazonaws.com"], resources = null }
    grant = { actions = ["execute-api:ManageConnections"], principals = [], resources = ["${aws_apigatewayv2_api.this.execution_arn}/*"] }
  }

  statement {
    actions   = each.value.actions
    resources = each.value.resources

    dynamic "principals" {
      for_each = each.value.principals

      content {
        type        = "Service"
        identifiers = [principals.value]
      }
    }
  }
}

resource "aws_iam_role" "lambda" {
  name               = "checked"
  assume_role_policy = data.aws_iam_policy_document.lambda["trust"].json
}

resource "aws_iam_role_policy" "lambda" {
  role   = aws_iam_role.lambda.id
  policy = data.aws_iam_policy_document.lambda["grant"].json
}

resource "aws_lambda_function" "this" {
  function_name = "checked"
  role          = aws_iam_role.lambda.arn
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "dist/function.zip"

  environment {
    variables = {
      POWERTOOLS_SERVICE_NAME = "checked"
      LOG_LEVEL               = "INFO"
    }
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
  }
}

resource "aws_apigatewayv2_api" "this" {
  name                       = "checked"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "this" {
  api_id           = aws_apigatewayv2_api.this.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.this.invoke_arn
}

resource "aws_apigatewayv2_route" "this" {
  count = 3

  api_id    = aws_apigatewayv2_api.this.id
  route_key = element(["$connect", "$disconnect", "check"], count.index)
  target    = "integrations/${aws_apigatewayv2_integration.this.id}"
}

resource "aws_lambda_permission" "this" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "v1"
  auto_deploy = true

  stage_variables = {
    release = "2026-01"
  }

  depends_on = [aws_apigatewayv2_route.this]
}
