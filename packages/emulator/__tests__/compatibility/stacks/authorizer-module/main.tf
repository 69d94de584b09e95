provider "aws" {
  region = "us-east-1"
}

variable "environment" {
  type    = string
  default = "dev"
}

locals {
  handlers = toset(["authorizer", "connect", "disconnect", "message"])
}

data "archive_file" "handlers" {
  for_each = local.handlers

  type        = "zip"
  source_file = "lambda/${each.key}.mjs"
  output_path = "build/${each.key}.zip"
}

resource "aws_lambda_function" "handlers" {
  for_each = local.handlers

  function_name = "${var.environment}-chatbot-${each.key}"
  role          = aws_iam_role.lambda.arn
  runtime       = "nodejs22.x"
  handler       = "${each.key}.handler"
  filename      = data.archive_file.handlers[each.key].output_path

  tracing_config {
    mode = "PassThrough"
  }
}

resource "aws_iam_role" "lambda" {
  name = "${var.environment}-chatbot"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "lambda" {
  role = aws_iam_role.lambda.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "execute-api:ManageConnections"
      Resource = "${module.websocket.execution_arn}/*/POST/@connections/*"
    }]
  })
}

module "websocket" {
  source = "./modules/websocket"

  environment             = var.environment
  authorizer_invoke_arn   = aws_lambda_function.handlers["authorizer"].invoke_arn
  connect_handler_arn     = aws_lambda_function.handlers["connect"].invoke_arn
  disconnect_handler_arn  = aws_lambda_function.handlers["disconnect"].invoke_arn
  message_handler_arn     = aws_lambda_function.handlers["message"].invoke_arn
  authorizer_function_name = aws_lambda_function.handlers["authorizer"].function_name
  connect_handler_name    = aws_lambda_function.handlers["connect"].function_name
  disconnect_handler_name = aws_lambda_function.handlers["disconnect"].function_name
  message_handler_name    = aws_lambda_function.handlers["message"].function_name
}

output "websocket_url" {
  value = module.websocket.stage_url
}
