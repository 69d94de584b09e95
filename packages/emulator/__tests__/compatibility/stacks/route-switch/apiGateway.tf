data "aws_iam_policy_document" "courier_api" {
  statement {
    actions = [
      "lambda:InvokeFunction",
    ]
    effect    = "Allow"
    resources = [aws_lambda_function.courier.arn]
  }
}

resource "aws_iam_policy" "courier_api" {
  name   = "CourierApi"
  path   = "/"
  policy = data.aws_iam_policy_document.courier_api.json
}

resource "aws_iam_role" "courier_api" {
  name = "CourierApi"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = "sts:AssumeRole"
        Effect = "Allow"
        Sid    = ""
        Principal = {
          Service = "apigateway.amazonaws.com"
        }
      },
    ]
  })

  managed_policy_arns = [aws_iam_policy.courier_api.arn]
}

resource "aws_apigatewayv2_api" "courier" {
  name                       = "courier"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "courier" {
  api_id                    = aws_apigatewayv2_api.courier.id
  integration_type          = "AWS_PROXY"
  integration_uri           = aws_lambda_function.courier.invoke_arn
  credentials_arn           = aws_iam_role.courier_api.arn
  content_handling_strategy = "CONVERT_TO_TEXT"
  passthrough_behavior      = "WHEN_NO_MATCH"
}

resource "aws_apigatewayv2_integration_response" "courier" {
  api_id                   = aws_apigatewayv2_api.courier.id
  integration_id           = aws_apigatewayv2_integration.courier.id
  integration_response_key = "/200/"
}

resource "aws_apigatewayv2_route" "default" {
  api_id    = aws_apigatewayv2_api.courier.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.courier.id}"
}

resource "aws_apigatewayv2_route_response" "default" {
  depends_on = [
    aws_apigatewayv2_route.default
  ]
  api_id             = aws_apigatewayv2_api.courier.id
  route_id           = aws_apigatewayv2_route.default.id
  route_response_key = "$default"
}

resource "aws_apigatewayv2_route" "connect" {
  api_id    = aws_apigatewayv2_api.courier.id
  route_key = "$connect"
  target    = "integrations/${aws_apigatewayv2_integration.courier.id}"
}

resource "aws_apigatewayv2_route" "disconnect" {
  api_id    = aws_apigatewayv2_api.courier.id
  route_key = "$disconnect"
  target    = "integrations/${aws_apigatewayv2_integration.courier.id}"
}

resource "aws_apigatewayv2_route" "message" {
  api_id    = aws_apigatewayv2_api.courier.id
  route_key = "MESSAGE"
  target    = "integrations/${aws_apigatewayv2_integration.courier.id}"
}

resource "aws_apigatewayv2_route_response" "message" {
  depends_on = [
    aws_apigatewayv2_route.message
  ]
  api_id             = aws_apigatewayv2_api.courier.id
  route_id           = aws_apigatewayv2_route.message.id
  route_response_key = "$default"
}

resource "aws_apigatewayv2_stage" "develop" {
  api_id      = aws_apigatewayv2_api.courier.id
  name        = "develop"
  auto_deploy = true
}

resource "aws_lambda_permission" "courier" {
  statement_id  = "AllowExecutionFromAPIGateway"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.courier.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.courier.execution_arn}/*/*"
}
