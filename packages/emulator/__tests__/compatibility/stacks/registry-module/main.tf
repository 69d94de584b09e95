provider "aws" {
  region = local.region
}

locals {
  name   = "ex-${basename(path.cwd)}"
  region = "eu-west-1"

  dynamodb_permissions = {
    effect = "Allow",
    actions = [
      "dynamodb:DeleteItem",
      "dynamodb:PutItem",
      "dynamodb:Scan",
    ],
    resources = [
      module.dynamodb_table.dynamodb_table_arn,
      "${module.dynamodb_table.dynamodb_table_arn}/index/*"
    ]
  }

  functions = {
    onConnect    = { routes = ["$connect"], statements = {} }
    onDisconnect = { routes = ["$disconnect"], statements = {} }
    onMessage = {
      routes = ["publish", "$default"]
      statements = {
        manage_connections = {
          effect    = "Allow",
          actions   = ["execute-api:ManageConnections"],
          resources = ["${module.api_gateway.api_execution_arn}/*"]
        }
      }
    }
  }

  tags = {
    Example = local.name
  }
}

module "api_gateway" {
  source  = "terraform-aws-modules/apigateway-v2/aws"
  version = "~> 6.0"

  description = "WebSocket API of the example"
  name        = local.name

  create_domain_name = false

  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"

  routes = merge([
    for name, function in local.functions : {
      for key in function.routes : key => {
        operation_name = "${name}Route"

        integration = {
          uri = module.lambda_function[name].lambda_function_invoke_arn
        }
      }
    }
  ]...)

  stage_name = "prod"

  stage_default_route_settings = {
    data_trace_enabled       = true
    detailed_metrics_enabled = true
    logging_level            = "INFO"
    throttling_burst_limit   = 100
    throttling_rate_limit    = 100
  }

  stage_access_log_settings = {
    create_log_group            = true
    log_group_retention_in_days = 7
    format = jsonencode({
      context = {
        requestId = "$context.requestId"
        routeKey  = "$context.routeKey"
        status    = "$context.status"
        error = {
          message = "$context.error.message"
        }
        integration = {
          integrationStatus = "$context.integration.integrationStatus"
        }
      }
    })
  }

  tags = local.tags
}

module "lambda_function" {
  source   = "terraform-aws-modules/lambda/aws"
  version  = "~> 8.0"
  for_each = local.functions

  function_name = "${local.name}-${each.key}"
  handler       = "${each.key}.handler"
  runtime       = "nodejs20.x"
  architectures = ["arm64"]
  memory_size   = 256

  create_package         = false
  local_existing_package = data.archive_file.code.output_path

  environment_variables = {
    TABLE_NAME = module.dynamodb_table.dynamodb_table_id
  }

  create_current_version_allowed_triggers = false
  allowed_triggers = {
    apigateway = {
      service    = "apigateway"
      source_arn = "${module.api_gateway.api_execution_arn}/*/*"
    }
  }

  attach_policy_statements = true
  policy_statements        = merge({ dynamodb = local.dynamodb_permissions }, each.value.statements)

  tags = local.tags
}

module "dynamodb_table" {
  source  = "terraform-aws-modules/dynamodb-table/aws"
  version = "~> 5.0"

  name     = "${local.name}-connections"
  hash_key = "connectionId"

  attributes = [
    {
      name = "connectionId"
      type = "S"
    }
  ]

  tags = local.tags
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "function"
  output_path = "function.zip"
}
