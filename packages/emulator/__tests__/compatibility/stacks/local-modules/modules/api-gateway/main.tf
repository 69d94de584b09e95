variable "ws_lambda_invoke_arn" {
  type = string
}

variable "ws_lambda_name" {
  type = string
}

resource "aws_apigatewayv2_api" "rooms" {
  name                       = "rooms"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "lambda" {
  api_id             = aws_apigatewayv2_api.rooms.id
  integration_type   = "AWS_PROXY"
  integration_uri    = var.ws_lambda_invoke_arn
  integration_method = "POST"
}

resource "aws_apigatewayv2_route" "connect" {
  api_id    = aws_apigatewayv2_api.rooms.id
  route_key = "$connect"
  target    = "integrations/${aws_apigatewayv2_integration.lambda.id}"
}

resource "aws_apigatewayv2_route" "disconnect" {
  api_id    = aws_apigatewayv2_api.rooms.id
  route_key = "$disconnect"
  target    = "integrations/${aws_apigatewayv2_integration.lambda.id}"
}

resource "aws_apigatewayv2_route" "default" {
  api_id    = aws_apigatewayv2_api.rooms.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.lambda.id}"
}

resource "aws_apigatewayv2_stage" "prod" {
  api_id      = aws_apigatewayv2_api.rooms.id
  name        = "prod"
  auto_deploy = true
}

resource "aws_lambda_permission" "ws_api" {
  statement_id  = "AllowWebSocketInvoke"
  action        = "lambda:InvokeFunction"
  function_name = var.ws_lambda_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.rooms.execution_arn}/*/*"
}

output "websocket_api_url" {
  value = "${aws_apigatewayv2_api.rooms.api_endpoint}/prod"
}

resource "aws_api_gateway_rest_api" "history" {
  name = "rooms-history"
}

resource "aws_api_gateway_resource" "messages" {
  rest_api_id = aws_api_gateway_rest_api.history.id
  parent_id   = aws_api_gateway_rest_api.history.root_resource_id
  path_part   = "messages"
}
