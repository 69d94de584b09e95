variable "create" {
  type    = bool
  default = true
}

variable "create_domain_name" {
  type    = bool
  default = true
}

variable "domain_name" {
  type    = string
  default = ""
}

variable "name" {
  type    = string
  default = ""
}

variable "description" {
  type    = string
  default = null
}

variable "protocol_type" {
  type    = string
  default = "HTTP"
}

variable "route_selection_expression" {
  type    = string
  default = null
}

variable "cors_configuration" {
  type = object({
    allow_origins = optional(list(string))
    max_age       = optional(number)
  })
  default = null
}

variable "authorizers" {
  type = map(object({
    authorizer_type  = optional(string, "REQUEST")
    authorizer_uri   = optional(string)
    identity_sources = optional(list(string))
    name             = optional(string)
  }))
  default = {}
}

variable "routes" {
  type = map(object({
    authorizer_key                      = optional(string)
    authorization_type                  = optional(string)
    api_key_required                    = optional(bool)
    operation_name                      = optional(string)
    route_response_selection_expression = optional(string)

    throttling_burst_limit = optional(number)
    throttling_rate_limit  = optional(number)

    integration = object({
      uri                  = optional(string)
      type                 = optional(string, "AWS_PROXY")
      method               = optional(string)
      connection_type      = optional(string)
      timeout_milliseconds = optional(number)
      response_parameters = optional(list(object({
        mappings    = map(string)
        status_code = string
      })))
      tls_config = optional(object({
        server_name_to_verify = optional(string)
      }))
    })
  }))
  default = {}
}

variable "stage_name" {
  type    = string
  default = "$default"
}

variable "stage_default_route_settings" {
  type = object({
    data_trace_enabled       = optional(bool, true)
    detailed_metrics_enabled = optional(bool, true)
    logging_level            = optional(string)
    throttling_burst_limit   = optional(number, 500)
    throttling_rate_limit    = optional(number, 1000)
  })
  default = {}
}

variable "stage_access_log_settings" {
  type = object({
    create_log_group            = optional(bool, true)
    destination_arn             = optional(string)
    format                      = optional(string)
    log_group_name              = optional(string)
    log_group_retention_in_days = optional(number, 30)
  })
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}
