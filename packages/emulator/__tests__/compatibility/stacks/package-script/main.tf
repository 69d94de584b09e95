provider "aws" {
  region = "us-east-1"
}

resource "aws_apigatewayv2_api" "this" {
  name                       = "package-script"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "prod"
  auto_deploy = true
}

resource "aws_iam_role" "lambda" {
  name = "package-script"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_apigatewayv2_integration" "this" {
  api_id           = aws_apigatewayv2_api.this.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.this.invoke_arn
}

resource "aws_apigatewayv2_route" "this" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.this.id}"
}

resource "aws_lambda_permission" "this" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

# Builds the archive by a script, as modules for functions do.
data "external" "archive_prepare" {
  program = ["python3", "${path.module}/package.py", "prepare"]

  query = {
    source_path = jsonencode(["function/handler.js"])
  }
}

resource "null_resource" "archive" {
  triggers = {
    filename = data.external.archive_prepare.result.filename
  }

  provisioner "local-exec" {
    command = "python3 package.py build ${data.external.archive_prepare.result.build_plan_filename}"
  }
}

resource "aws_lambda_function" "this" {
  function_name = "packaged"
  role          = aws_iam_role.lambda.arn
  handler       = "handler.handler"
  runtime       = "nodejs22.x"
  filename      = data.external.archive_prepare.result.filename

  depends_on = [null_resource.archive]
}
