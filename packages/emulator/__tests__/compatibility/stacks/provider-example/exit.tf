resource "aws_apigatewayv2_integration" "ExitIntegration" {
  api_id             = aws_apigatewayv2_api.Lobby.id
  integration_type   = "AWS_PROXY"
  description        = "Integration of exit"
  integration_uri    = aws_lambda_function.ExitFunction.invoke_arn
  integration_method = "POST"
}

resource "aws_apigatewayv2_route" "ExitRoute" {
  api_id         = aws_apigatewayv2_api.Lobby.id
  route_key      = "$disconnect"
  operation_name = "ExitRoute"
  target         = "integrations/${aws_apigatewayv2_integration.ExitIntegration.id}"
}

data "archive_file" "ExitZip" {
  type        = "zip"
  source_file = "${path.module}/exit/app.js"
  output_path = "${path.module}/exit/app.zip"
}

resource "aws_lambda_function" "ExitFunction" {
  filename      = data.archive_file.ExitZip.output_path
  function_name = "ExitFunction"
  role          = aws_iam_role.ExitRole.arn
  handler       = "app.handler"
  runtime       = "nodejs24.x"
  memory_size   = 256

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.Sockets.name
    }
  }
}

resource "aws_lambda_permission" "ExitPermission" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.ExitFunction.function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_iam_role" "ExitRole" {
  name = "ExitRole"

  assume_role_policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {
      "Service": "lambda.amazonaws.com"
    },
    "Action": "sts:AssumeRole"
  }]
}
EOT
}

resource "aws_iam_role_policy_attachment" "ExitSockets" {
  role       = aws_iam_role.ExitRole.name
  policy_arn = aws_iam_policy.SocketsPolicy.arn
}

resource "aws_iam_policy" "ExitLogs" {
  name = "ExitLogs"

  policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "logs:CreateLogGroup",
      "Resource": "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:*"
    },
    {
      "Effect": "Allow",
      "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
      "Resource": [
        "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${aws_lambda_function.ExitFunction.function_name}:*"
      ]
    }
  ]
}
EOT
}

resource "aws_iam_role_policy_attachment" "ExitLogs" {
  role       = aws_iam_role.ExitRole.name
  policy_arn = aws_iam_policy.ExitLogs.arn
}
