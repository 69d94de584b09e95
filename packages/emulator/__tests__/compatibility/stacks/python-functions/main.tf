provider "aws" {
  region = "us-east-1"
}

resource "aws_apigatewayv2_api" "this" {
  name                       = "python-functions"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "prod"
  auto_deploy = true
}

resource "aws_iam_role" "lambda" {
  name = "python-functions"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

locals {
  routes = { connect = "$connect", sendmessage = "sendmessage" }
}

data "archive_file" "code" {
  for_each = local.routes

  type        = "zip"
  source_file = "${path.module}/lambdas/${each.key}/${each.key}.py"
  output_path = "${path.module}/${each.key}.zip"
}

resource "aws_lambda_function" "this" {
  for_each = local.routes

  function_name = each.key
  role          = aws_iam_role.lambda.arn
  handler       = "${each.key}.lambda_handler"
  runtime       = "python3.12"
  filename      = data.archive_file.code[each.key].output_path
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.routes

  api_id           = aws_apigatewayv2_api.this.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.this[each.key].invoke_arn
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id    = aws_apigatewayv2_api.this.id
  route_key = each.value
  target    = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_lambda_permission" "this" {
  for_each = local.routes

  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}
