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

variable "publish_function" {
  type        = string
  description = "The function that sends messages: the output publish_function of the chat."
}

variable "publish_policy_json" {
  type        = string
  description = "The policy that a caller of this function needs: the output publish_policy_json of the chat."
}

variable "name" {
  type        = string
  default     = "chat-bot"
  description = "The name of all resources. Users see it as the sender of the answers."
}

variable "event_pattern" {
  type        = string
  default     = "{\"detail-type\": [\"message stored\"], \"detail\": {\"data\": [{\"prefix\": \"!\"}], \"publisher\": [{\"exists\": false}]}}"
  description = "The messages that the bot reads: by default those of users that begin with an exclamation mark."
}

data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/index.mjs"
  output_path = "${path.module}/bot.zip"
}

resource "aws_iam_role" "bot" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_cloudwatch_log_group" "bot" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 14
}

resource "aws_iam_role_policy" "bot" {
  name = var.name
  role = aws_iam_role.bot.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.bot.arn}:*"
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failed.arn },
    ]
  })
}

resource "aws_iam_role_policy" "publish" {
  name   = "${var.name}-publish"
  role   = aws_iam_role.bot.name
  policy = var.publish_policy_json
}

resource "aws_lambda_function" "bot" {
  function_name    = var.name
  role             = aws_iam_role.bot.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  timeout          = 60
  environment {
    variables = { PUBLISH_FUNCTION = var.publish_function, NAME = var.name }
  }
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.bot.name
  }
  depends_on = [aws_iam_role_policy.bot, aws_iam_role_policy.publish]
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "bot" {
  function_name = aws_lambda_function.bot.function_name
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_cloudwatch_event_rule" "bot" {
  name           = var.name
  event_bus_name = var.event_bus_name
  event_pattern  = var.event_pattern
}

resource "aws_cloudwatch_event_target" "bot" {
  rule           = aws_cloudwatch_event_rule.bot.name
  event_bus_name = var.event_bus_name
  arn            = aws_lambda_function.bot.arn
}

resource "aws_lambda_permission" "bot" {
  function_name = aws_lambda_function.bot.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.bot.arn
}

output "failed_queue_url" {
  value = aws_sqs_queue.failed.url
}
