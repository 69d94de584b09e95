variable table_name {
  description = "Name of the table"
  type = string
  default = "port-users"
}

provider "aws" {
  region = "eu-central-1"
}

resource "aws_s3_bucket" "code" {
  bucket = "port-code"
}

resource "aws_s3_object" "code" {
  for_each = toset(["enter", "leave", "talk"])
  bucket   = aws_s3_bucket.code.bucket
  key      = "${each.key}/package.zip"
  source   = "build/${each.key}.zip"
  etag     = filemd5("build/${each.key}.zip")
}

resource "aws_dynamodb_table" "users" {
  name           = var.table_name
  hash_key = "connectionId"
  billing_mode   = "PROVISIONED"  # PAY_PER_REQUEST works as well
  read_capacity  = 5
  write_capacity = 5

  attribute {
    name = "connectionId"
    type = "S"
  }
}

resource "aws_iam_role" "push_logs" {
  name = "PortApiLogs"

  assume_role_policy = jsonencode({
    Version = "2012-10-17",
    Statement = [
      {
        Effect = "Allow",
        Action = "sts:AssumeRole",
        Principal = {
          Service = "apigateway.amazonaws.com"
        }
      }
    ]
  })
}

resource "aws_iam_policy" "push_logs" {
  name        = "PortApiLogs"
  description = "Lets API Gateway write logs"

  policy = jsonencode({
    Version = "2012-10-17",
    Statement = [
      {
        Effect   = "Allow",
        Action   = [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents"
        ],
        Resource = "*"
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "push_logs" {
  policy_arn = aws_iam_policy.push_logs.arn
  role       = aws_iam_role.push_logs.name
}

data "aws_iam_policy_document" "invoke" {
  statement {
    actions = [
      "lambda:InvokeFunction",
    ]
    effect    = "Allow"
    resources = [
      aws_lambda_function.port-enter.arn,
      aws_lambda_function.port-leave.arn,
      aws_lambda_function.port-talk.arn
    ]
  }
}

resource "aws_iam_policy" "invoke" {
  name   = "PortInvoke"
  path   = "/"
  policy = data.aws_iam_policy_document.invoke.json
}

resource "aws_iam_role" "invoke" {
  name = "PortInvoke"

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

  managed_policy_arns = [aws_iam_policy.invoke.arn]
}

resource "aws_iam_role" "execution" {
  name = "port_execution"

  assume_role_policy = jsonencode({
    Version = "2012-10-17",
    Statement = [
      {
        Effect = "Allow",
        Action = "sts:AssumeRole",
        Principal = {
          Service = "lambda.amazonaws.com"
        }
      }
    ]
  })
}

resource "aws_iam_policy" "execution" {
  name        = "port_execution"
  description = "Permissions of the functions"

  policy = jsonencode({
    Version = "2012-10-17",
    Statement = [
      {
        Sid     = "Editor0",
        Effect  = "Allow",
        Action  = [
          "execute-api:*",
          "apigateway:*",
          "dynamodb:*",
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents"
        ],
        Resource = "*"
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "execution" {
  policy_arn = aws_iam_policy.execution.arn
  role       = aws_iam_role.execution.name
}

resource "aws_apigatewayv2_api" "port" {
  name = "Port"
  protocol_type = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

output "invoke_url"{
  value = aws_apigatewayv2_stage.stage.invoke_url
}

output "ws_url" {
  value = aws_apigatewayv2_api.port.api_endpoint
}

resource "aws_apigatewayv2_deployment" "deployment" {
  api_id = aws_apigatewayv2_api.port.id
}

resource "aws_apigatewayv2_stage" "stage" {
  name = "production"
  description = "production stage"
  deployment_id = aws_apigatewayv2_deployment.deployment.id
  api_id = aws_apigatewayv2_api.port.id


  default_route_settings {
    data_trace_enabled     = true
    detailed_metrics_enabled = true
    logging_level          = "INFO"
    throttling_burst_limit = 500
    throttling_rate_limit  = 1000
  }
}
