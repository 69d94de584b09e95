resource "aws_lambda_function" "port-enter" {
  function_name = "port-enter"
  role          = aws_iam_role.execution.arn
  handler       = "index.handler"

  s3_bucket = aws_s3_bucket.code.id
  s3_key    = aws_s3_object.code["enter"].key

  runtime       = "nodejs18.x"

  environment {
    variables = {
      TABLE_NAME = var.table_name
    }
  }
}

resource "aws_apigatewayv2_route" "enter_route" {
  api_id = aws_apigatewayv2_api.port.id
  route_key = "$connect"
  operation_name = "enter"
  target = "integrations/${aws_apigatewayv2_integration.enter_integ.id}"
}

resource "aws_apigatewayv2_integration" "enter_integ" {
  api_id                    = aws_apigatewayv2_api.port.id
  description               = "Integration of enter"
  integration_type          = "AWS_PROXY"
  integration_uri           = aws_lambda_function.port-enter.invoke_arn
  credentials_arn           = aws_iam_role.invoke.arn
}
