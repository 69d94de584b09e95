variable "table_name" {
  type        = string
  default     = "room-connections"
  description = "Name of the table with one item per connection"

  validation {
    condition     = can(regex("^[A-Za-z_-]+$", var.table_name)) && length(var.table_name) >= 3
    error_message = "The name of the table must be at least 3 letters, dashes or underscores."
  }
}

variable "website_bucket_name" {
  type    = string
  default = "room-website"
}

provider "aws" {
  region = "us-east-1"
}

data "aws_caller_identity" "this" {}
data "aws_region" "this" {}

locals {
  region     = data.aws_region.this.name
  account_id = data.aws_caller_identity.this.account_id

  functions = {
    onconnect    = { route_key = "$connect", operation = "ConnectRoute" }
    ondisconnect = { route_key = "$disconnect", operation = "DisconnectRoute" }
    sendmessage  = { route_key = "sendmessage", operation = "SendRoute" }
  }

  crud = {
    Effect = "Allow"
    Action = [for name in ["GetItem", "DeleteItem", "PutItem", "Scan", "Query", "UpdateItem"] : "dynamodb:${name}"]
    Resource = [
      "arn:aws:dynamodb:${local.region}:${local.account_id}:table/${var.table_name}",
      "arn:aws:dynamodb:${local.region}:${local.account_id}:table/${var.table_name}/index/*",
    ]
  }

  push = {
    Effect   = "Allow"
    Action   = ["execute-api:ManageConnections"]
    Resource = ["arn:aws:execute-api:${local.region}:${local.account_id}:${aws_apigatewayv2_api.room.id}/*"]
  }
}

resource "aws_apigatewayv2_api" "room" {
  name                       = "Room"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.message"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.functions

  api_id             = aws_apigatewayv2_api.room.id
  route_key          = each.value.route_key
  authorization_type = "NONE"
  operation_name     = each.value.operation
  target             = join("/", ["integrations", aws_apigatewayv2_integration.this[each.key].id])
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.functions

  api_id           = aws_apigatewayv2_api.room.id
  description      = "${title(each.key)} Integration"
  integration_type = "AWS_PROXY"
  integration_uri  = "arn:aws:apigateway:${local.region}:lambda:path/2015-03-31/functions/${aws_lambda_function.this[each.key].arn}/invocations"
}

resource "aws_apigatewayv2_deployment" "this" {
  api_id     = aws_apigatewayv2_api.room.id
  depends_on = [aws_apigatewayv2_route.this]
}

resource "aws_apigatewayv2_stage" "this" {
  api_id        = aws_apigatewayv2_api.room.id
  name          = "Prod"
  deployment_id = aws_apigatewayv2_deployment.this.id
}

resource "aws_dynamodb_table" "connections" {
  name         = var.table_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "connectionId"

  attribute {
    name = "connectionId"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

data "archive_file" "this" {
  for_each = local.functions

  type        = "zip"
  source_dir  = "${path.module}/${each.key}"
  output_path = "${path.module}/.build/${each.key}.zip"
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "room-${each.key}"
  role             = aws_iam_role.this[each.key].arn
  handler          = "app.handler"
  runtime          = "nodejs22.x"
  memory_size      = 256
  filename         = data.archive_file.this[each.key].output_path
  source_code_hash = data.archive_file.this[each.key].output_base64sha256

  environment {
    variables = { TABLE_NAME = var.table_name }
  }
}

resource "aws_lambda_permission" "this" {
  for_each = aws_lambda_function.this

  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "apigateway.amazonaws.com"
  depends_on    = [aws_apigatewayv2_api.room]
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name = "room-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  role = aws_iam_role.this[each.key].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat([local.crud], each.key == "sendmessage" ? [local.push] : [])
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  for_each = local.functions

  role       = aws_iam_role.this[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_cloudfront_origin_access_identity" "website" {
  comment = "Let only CloudFront read the bucket"
}

resource "aws_cloudfront_distribution" "website" {
  enabled             = true
  default_root_object = "index.html"

  origin {
    origin_id   = "website"
    domain_name = aws_s3_bucket.website.bucket_regional_domain_name

    s3_origin_config {
      origin_access_identity = aws_cloudfront_origin_access_identity.website.cloudfront_access_identity_path
    }
  }

  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "website"
    viewer_protocol_policy = "redirect-to-https"

    forwarded_values {
      query_string = false

      cookies {
        forward = "none"
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_s3_bucket" "website" {
  bucket = var.website_bucket_name
}

resource "aws_s3_bucket_website_configuration" "website" {
  bucket = aws_s3_bucket.website.id

  index_document {
    suffix = "index.html"
  }

  error_document {
    key = "404.html"
  }
}

output "WebSocketURI" {
  value = "wss://${aws_apigatewayv2_api.room.id}.execute-api.${local.region}.amazonaws.com/${aws_apigatewayv2_stage.this.name}"
}

output "WebsitePublicUrl" {
  value = "https://${aws_cloudfront_distribution.website.domain_name}"
}
