provider "aws" {
  region = "us-east-1"
}

data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  functions = ["authorizer", "enter", "leave", "cheer"]
  uri       = "arn:aws:apigateway:${data.aws_region.current.name}:lambda:path/2015-03-31/functions/%s/invocations"
}

resource "aws_apigatewayv2_api" "stadium" {
  name                       = "stadium"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_authorizer" "token" {
  api_id           = aws_apigatewayv2_api.stadium.id
  authorizer_type  = "REQUEST"
  authorizer_uri   = format(local.uri, aws_lambda_function.this["authorizer"].arn)
  name             = "token"
  identity_sources = ["route.request.header.token"]
}

resource "aws_apigatewayv2_route" "connect" {
  api_id             = aws_apigatewayv2_api.stadium.id
  route_key          = "$connect"
  target             = join("/", ["integrations", aws_apigatewayv2_integration.connect.id])
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.token.id
}

resource "aws_apigatewayv2_integration" "connect" {
  api_id           = aws_apigatewayv2_api.stadium.id
  integration_type = "AWS_PROXY"
  integration_uri  = format(local.uri, aws_lambda_function.this["enter"].arn)
}

resource "aws_apigatewayv2_route" "disconnect" {
  api_id    = aws_apigatewayv2_api.stadium.id
  route_key = "$disconnect"
  target    = join("/", ["integrations", aws_apigatewayv2_integration.disconnect.id])
}

resource "aws_apigatewayv2_integration" "disconnect" {
  api_id           = aws_apigatewayv2_api.stadium.id
  integration_type = "AWS_PROXY"
  integration_uri  = format(local.uri, aws_lambda_function.this["leave"].arn)
}

resource "aws_apigatewayv2_route" "cheer" {
  api_id    = aws_apigatewayv2_api.stadium.id
  route_key = "cheer"
  target    = join("/", ["integrations", aws_apigatewayv2_integration.cheer.id])
}

resource "aws_apigatewayv2_integration" "cheer" {
  api_id             = aws_apigatewayv2_api.stadium.id
  description        = "Passes the message by a mapping template"
  integration_type   = "AWS"
  integration_method = "POST"
  integration_uri    = format(local.uri, aws_lambda_function.this["cheer"].arn)

  request_templates = {
    "application/json" = <<-TEMPLATE
      {
        "requestContext": {
          "routeKey": "$context.routeKey",
          "fan": "$context.authorizer.principalId",
          "seat": "$context.authorizer.seat",
          "stage": "$context.stage",
          "connectionId": "$context.connectionId",
          "apiId": "$context.apiId"
        },
        "body": "$util.escapeJavaScript($input.body)"
      }
    TEMPLATE
  }
}

resource "aws_apigatewayv2_deployment" "this" {
  api_id = aws_apigatewayv2_api.stadium.id

  depends_on = [
    aws_apigatewayv2_route.connect,
    aws_apigatewayv2_route.cheer,
    aws_apigatewayv2_route.disconnect,
  ]
}

resource "aws_apigatewayv2_stage" "stage" {
  api_id        = aws_apigatewayv2_api.stadium.id
  name          = "stage"
  deployment_id = aws_apigatewayv2_deployment.this.id
}

resource "aws_dynamodb_table" "connections" {
  name         = "connection_table"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "connectionId"

  attribute {
    name = "connectionId"
    type = "S"
  }
}

data "archive_file" "src" {
  type        = "zip"
  source_dir  = "src"
  output_path = "src.zip"
  excludes    = ["README.md"]
}

resource "aws_lambda_function" "this" {
  for_each = toset(local.functions)

  function_name    = "stadium-${each.key}"
  role             = aws_iam_role.this.arn
  runtime          = "nodejs22.x"
  handler          = "${each.key}.handler"
  memory_size      = 256
  filename         = data.archive_file.src.output_path
  source_code_hash = data.archive_file.src.output_base64sha256

  environment {
    variables = merge(
      { TABLE_NAME = aws_dynamodb_table.connections.name },
      each.key == "cheer" ? { API_ID = aws_apigatewayv2_api.stadium.id, STAGE = "stage" } : {},
    )
  }
}

resource "aws_lambda_permission" "this" {
  for_each = toset(local.functions)

  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_iam_role" "this" {
  name = "stadium"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }
  })
}

resource "aws_iam_role_policy" "this" {
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:*Item", Resource = aws_dynamodb_table.connections.arn },
      { Effect = "Allow", Action = "dynamodb:Scan", Resource = aws_dynamodb_table.connections.arn },
      {
        Effect   = "Allow"
        Action   = "execute-api:ManageConnections"
        Resource = "arn:aws:execute-api:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:${aws_apigatewayv2_api.stadium.id}/*"
      },
    ]
  })
}
