resource "aws_apigatewayv2_integration" "EnterIntegration" {
  api_id             = aws_apigatewayv2_api.Lobby.id
  integration_type   = "AWS_PROXY"
  description        = "Integration of enter"
  integration_uri    = aws_lambda_function.EnterFunction.invoke_arn
  integration_method = "POST"
}

resource "aws_apigatewayv2_route" "EnterRoute" {
  api_id         = aws_apigatewayv2_api.Lobby.id
  route_key      = "$connect"
  operation_name = "EnterRoute"
  target         = "integrations/${aws_apigatewayv2_integration.EnterIntegration.id}"
}

data "archive_file" "EnterZip" {
  type        = "zip"
  source_file = "${path.module}/enter/app.js"
  output_path = "${path.module}/enter/app.zip"
}

resource "aws_lambda_function" "EnterFunction" {
  filename      = data.archive_file.EnterZip.output_path
  function_name = "EnterFunction"
  role          = aws_iam_role.EnterRole.arn
  handler       = "app.handler"
  runtime       = "nodejs24.x"
  memory_size   = 256

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.Sockets.name
    }
  }
}

resource "aws_lambda_permission" "EnterPermission" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.EnterFunction.function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_iam_role" "EnterRole" {
  name = "EnterRole"

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

resource "aws_iam_role_policy_attachment" "EnterSockets" {
  role       = aws_iam_role.EnterRole.name
  policy_arn = aws_iam_policy.SocketsPolicy.arn
}

resource "aws_iam_policy" "EnterLogs" {
  name = "EnterLogs"

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
        "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${aws_lambda_function.EnterFunction.function_name}:*"
      ]
    }
  ]
}
EOT
}

resource "aws_iam_role_policy_attachment" "EnterLogs" {
  role       = aws_iam_role.EnterRole.name
  policy_arn = aws_iam_policy.EnterLogs.arn
}
