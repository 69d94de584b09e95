/** The Terraform of an API with one function, in HCL. */
export const HCL_STACK: Readonly<Record<string, string>> = {
  "main.tf": `provider "aws" {
  region                      = var.region
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "stage" {}

variable "settings" {
  type    = object({ memory = optional(number, 256), tags = optional(map(string), {}) })
  default = {}
}

data "aws_region" "here" {}

data "aws_partition" "here" {}

locals {
  name   = "chat-\${var.stage}"
  routes = { for name in ["connect", "disconnect", "default"] : name => "$\${name}" }
  keys   = { connect = "$connect", disconnect = "$disconnect", default = "$default" }
}

module "function" {
  source   = "./modules/function"
  for_each = local.keys

  name        = "\${local.name}-\${each.key}"
  memory_size = var.settings.memory
  table       = aws_dynamodb_table.items
  environment = {
    ROUTE     = local.routes[each.key]
    TABLE     = aws_dynamodb_table.items.name
    REGION    = data.aws_region.here.name
    PARTITION = data.aws_partition.here.partition
    NUMBER    = 1.50
  }
}

resource "aws_dynamodb_table" "items" {
  name         = format("%s-items", local.name)
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"

  dynamic "attribute" {
    for_each = toset(["pk"])
    content {
      name = attribute.value
      type = "S"
    }
  }
}
`,
  "api.tf": `resource "aws_apigatewayv2_api" "chat" {
  name                       = local.name
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "all" {
  for_each         = local.keys
  api_id           = aws_apigatewayv2_api.chat.id
  integration_type = "AWS_PROXY"
  integration_uri  = module.function[each.key].invoke_arn
}

resource "aws_apigatewayv2_route" "all" {
  for_each                            = local.keys
  api_id                              = aws_apigatewayv2_api.chat.id
  route_key                           = each.value
  target                              = "integrations/\${aws_apigatewayv2_integration.all[each.key].id}"
  route_response_selection_expression = each.key == "default" ? "$default" : null
}

resource "aws_apigatewayv2_route_response" "default" {
  count              = var.stage == "dev" ? 1 : 0
  api_id             = aws_apigatewayv2_api.chat.id
  route_id           = aws_apigatewayv2_route.all["default"].id
  route_response_key = "$default"
}

resource "aws_apigatewayv2_stage" "only" {
  api_id      = aws_apigatewayv2_api.chat.id
  name        = var.stage
  auto_deploy = true
}

resource "aws_lambda_permission" "all" {
  for_each      = module.function
  action        = "lambda:InvokeFunction"
  function_name = each.value.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "\${aws_apigatewayv2_api.chat.execution_arn}/*/*"
}
`,
  "modules/function/main.tf": `variable "name" {
  type = string
}

variable "memory_size" {
  type = number
}

variable "table" {}

variable "environment" {
  type = map(string)
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "constant" {
  statement {
    sid       = "one"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = ["arn:aws:dynamodb:*:*:table/b", "arn:aws:dynamodb:*:*:table/a"]
    condition {
      test     = "ForAllValues:StringLike"
      variable = "dynamodb:LeadingKeys"
      values   = ["&{aws:username}", "b"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["dynamodb:GetItem"]
    resources   = ["*"]
  }
}

resource "aws_iam_role" "own" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "table" {
  role   = aws_iam_role.own.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem"]
      Resource = var.table.arn
    }]
  })
}

resource "aws_lambda_function" "own" {
  function_name = var.name
  role          = aws_iam_role.own.arn
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "\${path.root}/code.zip"
  memory_size   = var.memory_size

  environment {
    variables = merge(var.environment, { POLICY = data.aws_iam_policy_document.constant.json })
  }
}

output "name" {
  value = aws_lambda_function.own.function_name
}

output "invoke_arn" {
  value = aws_lambda_function.own.invoke_arn
}
`,
  "code.zip": "not read",
};
