variable "name" {
  type    = string
  default = null
}

variable "hash_key" {
  type    = string
  default = null
}

variable "range_key" {
  type    = string
  default = null
}

variable "attributes" {
  type    = list(map(string))
  default = []
}

variable "autoscaling_enabled" {
  type    = bool
  default = false
}

variable "ttl_enabled" {
  type    = bool
  default = false
}

variable "global_secondary_indexes" {
  type    = any
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_dynamodb_table" "this" {
  count = !var.autoscaling_enabled ? 1 : 0

  name             = var.name
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = var.hash_key
  range_key        = var.range_key
  stream_enabled   = false
  stream_view_type = null

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = ""
  }

  point_in_time_recovery {
    enabled = false
  }

  dynamic "attribute" {
    for_each = var.attributes

    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes

    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      projection_type = global_secondary_index.value.projection_type
      range_key       = lookup(global_secondary_index.value, "range_key", null)
    }
  }

  server_side_encryption {
    enabled = false
  }

  tags = merge(var.tags, { "Name" = format("%s", var.name) })

  timeouts {
    create = "10m"
  }
}

resource "aws_dynamodb_table" "autoscaled" {
  count = var.autoscaling_enabled ? 1 : 0

  name     = var.name
  hash_key = var.hash_key

  lifecycle {
    ignore_changes = [read_capacity, write_capacity]
  }
}

output "dynamodb_table_arn" {
  value = try(aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn, "")
}

output "dynamodb_table_id" {
  value = try(aws_dynamodb_table.this[0].id, aws_dynamodb_table.autoscaled[0].id, "")
}
