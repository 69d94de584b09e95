variable "name" { type = string }
variable "zip_path" { type = string }
variable "messages_table" { type = string }
variable "connections_table" { type = string }
variable "ws_endpoint" { type = string }
