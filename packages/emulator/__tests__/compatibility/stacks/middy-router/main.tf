provider "aws" {
  region = "eu-north-1"
}

resource "aws_apigatewayv2_api" "ws" {
  name                       = "router"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.route"
}

resource "aws_apigatewayv2_integration" "router" {
  api_id           = aws_apigatewayv2_api.ws.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.router.invoke_arn
}

resource "aws_apigatewayv2_route" "all" {
  for_each = toset(["$connect", "$disconnect", "$default"])

  api_id                              = aws_apigatewayv2_api.ws.id
  route_key                           = each.key
  target                              = "integrations/${aws_apigatewayv2_integration.router.id}"
  route_response_selection_expression = each.key == "$default" ? "$default" : null
}

resource "aws_apigatewayv2_route_response" "default" {
  api_id             = aws_apigatewayv2_api.ws.id
  route_id           = aws_apigatewayv2_route.all["$default"].id
  route_response_key = "$default"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.ws.id
  name        = "live"
  auto_deploy = true
}

data "archive_file" "src" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/src.zip"
}

resource "aws_lambda_function" "router" {
  function_name = "router"
  role          = aws_iam_role.router.arn
  handler       = "router.handler"
  runtime       = "nodejs22.x"
  filename      = data.archive_file.src.output_path
}

resource "aws_lambda_permission" "router" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.router.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.ws.execution_arn}/*"
}

resource "aws_iam_role" "router" {
  name_prefix = "router-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
