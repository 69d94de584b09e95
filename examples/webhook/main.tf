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

variable "url" {
  type        = string
  description = "Where events are sent."

  validation {
    condition     = can(regex("^https://|^http://127\\.0\\.0\\.1:", var.url))
    error_message = "The url must begin with https://, because events contain message text. Only 127.0.0.1 can have http."
  }
}

variable "name" {
  type        = string
  default     = "chat-webhook"
  description = "The name of all resources."
}

variable "event_pattern" {
  type        = string
  default     = "{\"source\": [\"serverless-chat\"]}"
  description = "The events that are sent."
}

resource "aws_secretsmanager_secret" "webhook" {
  name        = var.name
  description = "The key of the signatures."
}

data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/index.mjs"
  output_path = "${path.module}/webhook.zip"
}

resource "aws_iam_role" "webhook" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_cloudwatch_log_group" "webhook" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 14
}

resource "aws_iam_role_policy" "webhook" {
  name = var.name
  role = aws_iam_role.webhook.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.webhook.arn },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.webhook.arn}:*"
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "webhook" {
  function_name    = var.name
  role             = aws_iam_role.webhook.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  timeout          = 15
  environment {
    variables = { URL = var.url, SECRET_ID = aws_secretsmanager_secret.webhook.arn }
  }
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.webhook.name
  }
  depends_on = [aws_iam_role_policy.webhook]
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "webhook" {
  function_name = aws_lambda_function.webhook.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_cloudwatch_event_rule" "webhook" {
  name           = var.name
  event_bus_name = var.event_bus_name
  event_pattern  = var.event_pattern
}

resource "aws_cloudwatch_event_target" "webhook" {
  rule           = aws_cloudwatch_event_rule.webhook.name
  event_bus_name = var.event_bus_name
  arn            = aws_lambda_function.webhook.arn
}

resource "aws_lambda_permission" "webhook" {
  function_name = aws_lambda_function.webhook.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.webhook.arn
}

output "secret_id" {
  value = aws_secretsmanager_secret.webhook.arn
}

output "failed_queue_url" {
  value = aws_sqs_queue.failed.url
}
