terraform {
  required_version = ">= 0.12"
}

provider "aws" {
  region = var.aws_region
}

provider "archive" {}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_dynamodb_table" "Sockets" {
  name           = "lobby_sockets"
  read_capacity  = 5
  write_capacity = 5
  hash_key       = "socketId"

  attribute {
    name = "socketId"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_iam_policy" "SocketsPolicy" {
  name = "SocketsPolicy"

  policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Scan"],
    "Resource": [
      "${aws_dynamodb_table.Sockets.arn}",
      "${aws_dynamodb_table.Sockets.arn}/index/*"
    ]
  }]
}
EOT
}

resource "aws_apigatewayv2_api" "Lobby" {
  name                       = "Lobby"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.message"
}

resource "aws_apigatewayv2_deployment" "Deployment" {
  api_id = aws_apigatewayv2_api.Lobby.id

  depends_on = [
    aws_apigatewayv2_route.EnterRoute,
    aws_apigatewayv2_route.ExitRoute,
    aws_apigatewayv2_route.SayRoute,
  ]
}

resource "aws_apigatewayv2_stage" "Stage" {
  api_id        = aws_apigatewayv2_api.Lobby.id
  name          = "Prod"
  description   = "The only stage"
  deployment_id = aws_apigatewayv2_deployment.Deployment.id
}
