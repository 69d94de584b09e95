variable "environment" {
  description = "Name of the environment"
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment must be dev, staging or prod."
  }
}

variable "authorizer_invoke_arn" {
  type = string
}

variable "authorizer_function_name" {
  type = string
}

variable "connect_handler_arn" {
  type = string
}

variable "connect_handler_name" {
  type = string
}

variable "disconnect_handler_arn" {
  type = string
}

variable "disconnect_handler_name" {
  type = string
}

variable "message_handler_arn" {
  type = string
}

variable "message_handler_name" {
  type = string
}
