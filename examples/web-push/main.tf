terraform {
  required_providers {
    archive = { source = "hashicorp/archive", version = "~> 2.4" }
    aws     = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }
}

variable "event_bus_name" {
  type        = string
  description = "The event bus of the chat, such as chat-dev-events."
}

variable "contact" {
  type        = string
  description = "Where push services can reach you, such as mailto:you@example.com."

  validation {
    condition     = can(regex("^(mailto:|https://)", var.contact))
    error_message = "The contact must begin with mailto: or https://."
  }
}

variable "name" {
  type        = string
  default     = "chat-web-push"
  description = "The name of all resources."
}

variable "event_pattern" {
  type        = string
  default     = "{\"detail-type\": [\"direct message unreceived\", \"mention unreceived\"]}"
  description = "The events that are pushed. Each must have the field user."
}

resource "aws_dynamodb_table" "subscriptions" {
  name         = "${var.name}-subscriptions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "user"
  range_key    = "endpoint"

  attribute {
    name = "user"
    type = "S"
  }

  attribute {
    name = "endpoint"
    type = "S"
  }
}

resource "aws_secretsmanager_secret" "web_push" {
  name        = var.name
  description = "The private key of VAPID, as a JWK."
}

data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/index.mjs"
  output_path = "${path.module}/web-push.zip"
}

resource "aws_iam_role" "web_push" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_cloudwatch_log_group" "web_push" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 14
}

resource "aws_iam_role_policy" "web_push" {
  name = var.name
  role = aws_iam_role.web_push.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["dynamodb:Query", "dynamodb:DeleteItem"]
        Resource = aws_dynamodb_table.subscriptions.arn
      },
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.web_push.arn },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.web_push.arn}:*"
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "web_push" {
  function_name    = var.name
  role             = aws_iam_role.web_push.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  timeout          = 15
  environment {
    variables = {
      CONTACT    = var.contact
      SECRET_ID  = aws_secretsmanager_secret.web_push.arn
      TABLE_NAME = aws_dynamodb_table.subscriptions.name
    }
  }
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.web_push.name
  }
  depends_on = [aws_iam_role_policy.web_push]
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "web_push" {
  function_name = aws_lambda_function.web_push.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_cloudwatch_event_rule" "web_push" {
  name           = var.name
  event_bus_name = var.event_bus_name
  event_pattern  = var.event_pattern
}

resource "aws_cloudwatch_event_target" "web_push" {
  rule           = aws_cloudwatch_event_rule.web_push.name
  event_bus_name = var.event_bus_name
  arn            = aws_lambda_function.web_push.arn
}

resource "aws_lambda_permission" "web_push" {
  function_name = aws_lambda_function.web_push.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.web_push.arn
}

output "secret_id" {
  value = aws_secretsmanager_secret.web_push.arn
}

output "table_name" {
  value = aws_dynamodb_table.subscriptions.name
}

output "failed_queue_url" {
  value = aws_sqs_queue.failed.url
}
