resource "aws_apigatewayv2_integration" "SayIntegration" {
  api_id             = aws_apigatewayv2_api.Lobby.id
  integration_type   = "AWS_PROXY"
  description        = "Integration of say"
  integration_uri    = aws_lambda_function.SayFunction.invoke_arn
  integration_method = "POST"
}

resource "aws_apigatewayv2_route" "SayRoute" {
  api_id         = aws_apigatewayv2_api.Lobby.id
  route_key      = "sendmessage"
  operation_name = "SayRoute"
  target         = "integrations/${aws_apigatewayv2_integration.SayIntegration.id}"
}

data "archive_file" "SayZip" {
  type        = "zip"
  source_file = "${path.module}/say/app.js"
  output_path = "${path.module}/say/app.zip"
}

resource "aws_lambda_function" "SayFunction" {
  filename      = data.archive_file.SayZip.output_path
  function_name = "SayFunction"
  role          = aws_iam_role.SayRole.arn
  handler       = "app.handler"
  runtime       = "nodejs24.x"
  memory_size   = 256

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.Sockets.name
    }
  }
}

resource "aws_lambda_permission" "SayPermission" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.SayFunction.function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_iam_role" "SayRole" {
  name = "SayRole"

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

resource "aws_iam_role_policy_attachment" "SaySockets" {
  role       = aws_iam_role.SayRole.name
  policy_arn = aws_iam_policy.SocketsPolicy.arn
}

resource "aws_iam_policy" "SayLogs" {
  name = "SayLogs"

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
        "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${aws_lambda_function.SayFunction.function_name}:*"
      ]
    }
  ]
}
EOT
}

resource "aws_iam_role_policy_attachment" "SayLogs" {
  role       = aws_iam_role.SayRole.name
  policy_arn = aws_iam_policy.SayLogs.arn
}

resource "aws_iam_policy" "Push" {
  name = "Push"

  policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": "execute-api:ManageConnections",
    "Resource": "${aws_apigatewayv2_api.Lobby.execution_arn}/*"
  }]
}
EOT
}

resource "aws_iam_role_policy_attachment" "SayPush" {
  role       = aws_iam_role.SayRole.name
  policy_arn = aws_iam_policy.Push.arn
}

output "Address" {
  value = aws_apigatewayv2_stage.Stage.invoke_url
}
