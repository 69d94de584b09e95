variable "table_messages" {
  type = string
}

variable "table_connections" {
  type = string
}

variable "lambda_name" {
  type    = string
  default = "unnamed"
}
