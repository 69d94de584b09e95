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

variable "name" {
  type        = string
  default     = "chat-archive"
  description = "The name of all resources."
}

variable "event_pattern" {
  type        = string
  default     = "{\"detail-type\": [\"message stored\", \"message edited\", \"message deleted\"]}"
  description = "The events that are archived."
}

resource "aws_dynamodb_table" "archive" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "channel"
  range_key    = "id"

  attribute {
    name = "channel"
    type = "S"
  }

  attribute {
    name = "id"
    type = "S"
  }
}

data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/index.mjs"
  output_path = "${path.module}/archive.zip"
}

resource "aws_iam_role" "archive" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_cloudwatch_log_group" "archive" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 14
}

resource "aws_iam_role_policy" "archive" {
  name = var.name
  role = aws_iam_role.archive.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "dynamodb:UpdateItem", Resource = aws_dynamodb_table.archive.arn },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.archive.arn}:*"
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_lambda_function" "archive" {
  function_name    = var.name
  role             = aws_iam_role.archive.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  timeout          = 10
  environment {
    variables = { TABLE_NAME = aws_dynamodb_table.archive.name }
  }
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.archive.name
  }
  depends_on = [aws_iam_role_policy.archive]
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "archive" {
  function_name = aws_lambda_function.archive.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_cloudwatch_event_rule" "archive" {
  name           = var.name
  event_bus_name = var.event_bus_name
  event_pattern  = var.event_pattern
}

resource "aws_cloudwatch_event_target" "archive" {
  rule           = aws_cloudwatch_event_rule.archive.name
  event_bus_name = var.event_bus_name
  arn            = aws_lambda_function.archive.arn
}

resource "aws_lambda_permission" "archive" {
  function_name = aws_lambda_function.archive.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.archive.arn
}

output "table_name" {
  value = aws_dynamodb_table.archive.name
}

output "failed_queue_url" {
  value = aws_sqs_queue.failed.url
}
