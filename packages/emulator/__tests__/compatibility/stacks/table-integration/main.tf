provider "aws" {
  region = "us-east-1"
}

data "aws_region" "current" {}

resource "aws_apigatewayv2_api" "this" {
  name                       = "table-integration"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "prod"
  auto_deploy = true
}

resource "aws_apigatewayv2_route" "connect" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$connect"
  target    = "integrations/${aws_apigatewayv2_integration.connect.id}"
}

resource "aws_apigatewayv2_integration" "connect" {
  api_id             = aws_apigatewayv2_api.this.id
  integration_type   = "AWS"
  integration_method = "POST"
  integration_uri    = "arn:aws:apigateway:${data.aws_region.current.name}:dynamodb:action/PutItem"
  credentials_arn    = aws_iam_role.api.arn

  request_templates = {
    "application/json" = <<EOF
{
    "Item": {
      "connection_id": {
        "S": "$context.connectionId"
      },
      "user_id": {
        #if("$context.authorizer.sub" == "")
        "S": "anonymous"
        #else
        "S": "$context.authorizer.sub"
        #end
      }
    },
    "TableName": "${aws_dynamodb_table.connections.name}"
}
EOF
  }
}

resource "aws_apigatewayv2_route" "ping" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "ping"
  target    = "integrations/${aws_apigatewayv2_integration.ping.id}"
}

resource "aws_apigatewayv2_integration" "ping" {
  api_id           = aws_apigatewayv2_api.this.id
  integration_type = "MOCK"

  request_templates = {
    "application/json" = <<EOF
{
    "statusCode": 200
}
EOF
  }
}

resource "aws_iam_role" "api" {
  name               = "table-integration"
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Service": "apigateway.amazonaws.com" },
      "Action": "sts:AssumeRole"
    }
  ]
}
EOF
}

resource "aws_iam_role_policy" "api" {
  role   = aws_iam_role.api.name
  policy = <<EOF
{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["dynamodb:PutItem"],
            "Resource": ["${aws_dynamodb_table.connections.arn}"]
        }
    ]
}
EOF
}

resource "aws_dynamodb_table" "connections" {
  name         = "connections"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "connection_id"

  attribute {
    name = "connection_id"
    type = "S"
  }
}
