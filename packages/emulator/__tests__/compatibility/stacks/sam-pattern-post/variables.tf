variable "stack_name" {
  type    = string
  default = "post"
}

variable "table_name_suffix" {
  description = <<-DESCRIPTION
    (Required) The last part of the table's name.
    The first part is the name of the stack.
  DESCRIPTION
  type        = string
  default     = "websocket_connections"

  validation {
    condition     = length(var.table_name_suffix) >= 3 && length(var.table_name_suffix) <= 50
    error_message = "The suffix must have 3 to 50 characters."
  }
}

variable "read_capacity" {
  type    = number
  default = 5
}

variable "write_capacity" {
  type    = number
  default = 5
}
