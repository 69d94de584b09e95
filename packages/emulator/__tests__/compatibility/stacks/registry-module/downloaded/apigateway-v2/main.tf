locals {
  is_http      = var.protocol_type == "HTTP"
  is_websocket = var.protocol_type == "WEBSOCKET"

  log_group_name = coalesce(try(var.stage_access_log_settings.log_group_name, null), "/aws/apigateway/${var.name}/${replace(var.stage_name, "$", "")}")
  create_log     = var.create && try(var.stage_access_log_settings.create_log_group, false)
}

resource "aws_apigatewayv2_api" "this" {
  count = var.create ? 1 : 0

  dynamic "cors_configuration" {
    for_each = local.is_http && var.cors_configuration != null ? [var.cors_configuration] : []

    content {
      allow_origins = cors_configuration.value.allow_origins
      max_age       = cors_configuration.value.max_age
    }
  }

  name                       = var.name
  description                = var.description
  protocol_type              = var.protocol_type
  route_selection_expression = local.is_websocket ? var.route_selection_expression : null

  tags = merge(
    { terraform-aws-modules = "apigateway-v2" },
    var.tags,
  )
}

resource "aws_apigatewayv2_domain_name" "this" {
  for_each = { for name in [var.domain_name] : name => name if var.create && var.create_domain_name }

  domain_name = each.value

  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/none"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each = { for k, v in var.authorizers : k => v if var.create }

  api_id           = aws_apigatewayv2_api.this[0].id
  authorizer_type  = each.value.authorizer_type
  authorizer_uri   = each.value.authorizer_uri
  identity_sources = each.value.identity_sources
  name             = coalesce(each.value.name, each.key)
}

resource "aws_apigatewayv2_route" "this" {
  for_each = { for k, v in var.routes : k => v if var.create }

  api_id    = aws_apigatewayv2_api.this[0].id
  route_key = each.key

  api_key_required                    = local.is_websocket ? each.value.api_key_required : null
  authorization_type                  = each.value.authorization_type
  authorizer_id                       = try(aws_apigatewayv2_authorizer.this[each.value.authorizer_key].id, null)
  operation_name                      = each.value.operation_name
  route_response_selection_expression = local.is_websocket ? each.value.route_response_selection_expression : null
  target                              = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = { for k, v in var.routes : k => v.integration if var.create }

  api_id = aws_apigatewayv2_api.this[0].id

  connection_type      = each.value.connection_type
  integration_method   = coalesce(each.value.method, "POST")
  integration_type     = each.value.type
  integration_uri      = each.value.uri
  timeout_milliseconds = each.value.timeout_milliseconds

  dynamic "response_parameters" {
    for_each = each.value.response_parameters != null ? each.value.response_parameters : []

    content {
      mappings    = response_parameters.value.mappings
      status_code = response_parameters.value.status_code
    }
  }

  dynamic "tls_config" {
    for_each = each.value.tls_config != null ? [each.value.tls_config] : []

    content {
      server_name_to_verify = tls_config.value.server_name_to_verify
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_stage" "this" {
  count = var.create ? 1 : 0

  dynamic "access_log_settings" {
    for_each = var.stage_access_log_settings != null ? [var.stage_access_log_settings] : []

    content {
      destination_arn = access_log_settings.value.create_log_group ? aws_cloudwatch_log_group.this["this"].arn : access_log_settings.value.destination_arn
      format          = coalesce(access_log_settings.value.format, jsonencode({ requestId = "$context.requestId" }))
    }
  }

  api_id      = aws_apigatewayv2_api.this[0].id
  auto_deploy = local.is_http ? true : null

  dynamic "default_route_settings" {
    for_each = [var.stage_default_route_settings]

    content {
      data_trace_enabled       = local.is_websocket ? default_route_settings.value.data_trace_enabled : null
      detailed_metrics_enabled = default_route_settings.value.detailed_metrics_enabled
      logging_level            = local.is_websocket ? default_route_settings.value.logging_level : null
      throttling_burst_limit   = default_route_settings.value.throttling_burst_limit
      throttling_rate_limit    = default_route_settings.value.throttling_rate_limit
    }
  }

  deployment_id = local.is_http ? null : aws_apigatewayv2_deployment.this[0].id
  description   = var.description
  name          = var.stage_name

  dynamic "route_settings" {
    for_each = { for k, v in var.routes : k => v if length(compact([tostring(v.throttling_burst_limit), tostring(v.throttling_rate_limit)])) > 0 }

    content {
      route_key              = route_settings.key
      throttling_burst_limit = coalesce(route_settings.value.throttling_burst_limit, var.stage_default_route_settings.throttling_burst_limit)
      throttling_rate_limit  = coalesce(route_settings.value.throttling_rate_limit, var.stage_default_route_settings.throttling_rate_limit)
    }
  }

  tags = var.tags

  depends_on = [
    aws_apigatewayv2_route.this
  ]
}

resource "aws_apigatewayv2_deployment" "this" {
  count = var.create && !local.is_http ? 1 : 0

  api_id      = aws_apigatewayv2_api.this[0].id
  description = var.description

  triggers = {
    redeployment = sha1(join(",", tolist([
      jsonencode(aws_apigatewayv2_integration.this),
      jsonencode(aws_apigatewayv2_route.this),
    ])))
  }

  depends_on = [
    aws_apigatewayv2_api.this,
    aws_apigatewayv2_route.this,
  ]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = { for k in ["this"] : k => k if local.create_log }

  name              = local.log_group_name
  retention_in_days = var.stage_access_log_settings.log_group_retention_in_days

  tags = var.tags
}
