resource "aws_lambda_function" "port-talk" {
  function_name = "port-talk"
  role          = aws_iam_role.execution.arn
  handler       = "index.handler"

  s3_bucket = aws_s3_bucket.code.id
  s3_key    = aws_s3_object.code["talk"].key

  runtime       = "nodejs18.x"

  environment {
    variables = {
      TABLE_NAME = var.table_name
    }
  }
}

resource "aws_apigatewayv2_route" "talk_route" {
  api_id = aws_apigatewayv2_api.port.id
  route_key = "$default"
  operation_name = "talk"
  target = "integrations/${aws_apigatewayv2_integration.talk_integ.id}"
  route_response_selection_expression = "$default"
}

resource "aws_apigatewayv2_integration" "talk_integ" {
  api_id                    = aws_apigatewayv2_api.port.id
  description               = "Integration of talk"
  integration_type          = "AWS_PROXY"
  integration_uri           = aws_lambda_function.port-talk.invoke_arn
  credentials_arn           = aws_iam_role.invoke.arn
}

resource "aws_apigatewayv2_route_response" "talk_response" {
  api_id             = aws_apigatewayv2_api.port.id
  route_id           = aws_apigatewayv2_route.talk_route.id
  route_response_key = "$default"
}
