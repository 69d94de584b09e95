resource "aws_lambda_function" "port-leave" {
  function_name = "port-leave"
  role          = aws_iam_role.execution.arn
  handler       = "index.handler"

  s3_bucket = aws_s3_bucket.code.id
  s3_key    = aws_s3_object.code["leave"].key

  runtime       = "nodejs18.x"

  environment {
    variables = {
      TABLE_NAME = var.table_name
    }
  }
}

resource "aws_apigatewayv2_route" "leave_route" {
  api_id = aws_apigatewayv2_api.port.id
  route_key = "$disconnect"
  operation_name = "leave"
  target = "integrations/${aws_apigatewayv2_integration.leave_integ.id}"
}

resource "aws_apigatewayv2_integration" "leave_integ" {
  api_id                    = aws_apigatewayv2_api.port.id
  description               = "Integration of leave"
  integration_type          = "AWS_PROXY"
  integration_uri           = aws_lambda_function.port-leave.invoke_arn
  credentials_arn           = aws_iam_role.invoke.arn
}
