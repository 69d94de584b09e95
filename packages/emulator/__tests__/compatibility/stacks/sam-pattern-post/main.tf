provider "aws" {}

data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  crud = ["GetItem", "DeleteItem", "PutItem", "Scan", "Query", "UpdateItem", "BatchWriteItem", "BatchGetItem", "DescribeTable"]
  here = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"

  functions = {
    onconnect    = "$connect"
    ondisconnect = "$disconnect"
    post         = "post"
  }
}

resource "aws_apigatewayv2_api" "this" {
  name                       = var.stack_name
  description                = "A WebSocket API and its functions"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$${request.body.action}"
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name = "${var.stack_name}-${each.key}-function"
  role          = aws_iam_role.this[each.key].arn
  handler       = "${each.key}.handler"
  runtime       = "nodejs20.x"
  memory_size   = contains(["post"], each.key) ? 512 : 256
  timeout       = 15
  filename      = "build/src.zip"

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.connections.id
    }
  }
}

resource "aws_lambda_permission" "this" {
  for_each = local.functions

  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:${local.here}:${aws_apigatewayv2_api.this.id}/*"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.functions

  api_id           = aws_apigatewayv2_api.this.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.this[each.key].invoke_arn
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.functions

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.value
  authorization_type = "NONE"
  operation_name     = "${each.key}Route"
  target             = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_dynamodb_table" "connections" {
  name           = format("%s-%s", var.stack_name, var.table_name_suffix)
  billing_mode   = "PROVISIONED"
  read_capacity  = max(5, var.read_capacity)
  write_capacity = max(5, var.write_capacity)
  hash_key       = "connectionId"

  attribute {
    name = "connectionId"
    type = "S"
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name               = "${var.stack_name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "this" {
  for_each = local.functions

  statement {
    sid       = "Crud"
    actions   = formatlist("dynamodb:%s", local.crud)
    resources = [aws_dynamodb_table.connections.arn, "${aws_dynamodb_table.connections.arn}/index/*"]
  }

  dynamic "statement" {
    for_each = each.key == "post" ? [1] : []

    content {
      actions   = ["execute-api:ManageConnections"]
      resources = ["arn:aws:execute-api:${local.here}:${aws_apigatewayv2_api.this.id}/*"]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name   = "inline"
  role   = aws_iam_role.this[each.key].name
  policy = data.aws_iam_policy_document.this[each.key].json
}

resource "aws_apigatewayv2_deployment" "this" {
  api_id     = aws_apigatewayv2_api.this.id
  depends_on = [aws_apigatewayv2_route.this]
}

resource "aws_apigatewayv2_stage" "this" {
  api_id        = aws_apigatewayv2_api.this.id
  name          = "prod"
  description   = "Prod Stage"
  deployment_id = aws_apigatewayv2_deployment.this.id
}

output "functions" {
  value = { for name, function in aws_lambda_function.this : name => function.arn }
}

output "address" {
  value = one(aws_apigatewayv2_stage.this[*].invoke_url)
}
