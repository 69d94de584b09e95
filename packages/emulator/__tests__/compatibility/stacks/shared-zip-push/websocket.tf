resource "aws_apigatewayv2_api" "ws" {
  name          = "${var.project_name}-ws"
  protocol_type = "WEBSOCKET"

  # `t` is the type of a message. The function selects by it, so there are no routes per type.
  route_selection_expression = "$request.body.t"
}

resource "aws_lambda_function" "ws" {
  function_name    = "${var.project_name}-ws"
  role             = aws_iam_role.lambda.arn
  handler          = "ws.handler"
  runtime          = var.lambda_runtime
  timeout          = 30
  memory_size      = 256
  filename         = data.archive_file.lambda.output_path
  source_code_hash = data.archive_file.lambda.output_base64sha256

  environment {
    variables = {
      APP_TABLE_NAME = aws_dynamodb_table.app.name
      WS_ENDPOINT    = local.ws_management_endpoint
    }
  }
}

resource "aws_apigatewayv2_integration" "ws" {
  api_id           = aws_apigatewayv2_api.ws.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.ws.invoke_arn
}

resource "aws_apigatewayv2_route" "ws_connect" {
  api_id    = aws_apigatewayv2_api.ws.id
  route_key = "$connect"
  target    = "integrations/${aws_apigatewayv2_integration.ws.id}"
}

resource "aws_apigatewayv2_route" "ws_disconnect" {
  api_id    = aws_apigatewayv2_api.ws.id
  route_key = "$disconnect"
  target    = "integrations/${aws_apigatewayv2_integration.ws.id}"
}

resource "aws_apigatewayv2_route" "ws_default" {
  api_id    = aws_apigatewayv2_api.ws.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.ws.id}"
}

resource "aws_apigatewayv2_stage" "ws" {
  api_id      = aws_apigatewayv2_api.ws.id
  name        = "prod"
  auto_deploy = true
}

resource "aws_lambda_permission" "ws" {
  statement_id  = "AllowWebSocketInvoke"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.ws.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.ws.execution_arn}/*/*"
}

resource "aws_iam_role_policy" "lambda_manage_connections" {
  name = "${var.project_name}-lambda-manage-connections"
  role = aws_iam_role.lambda.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["execute-api:ManageConnections"]
      Resource = ["${aws_apigatewayv2_api.ws.execution_arn}/*"]
    }]
  })
}

locals {
  # The management API has the host and the stage of the address for clients.
  ws_management_endpoint = replace(aws_apigatewayv2_stage.ws.invoke_url, "wss://", "https://")
}
