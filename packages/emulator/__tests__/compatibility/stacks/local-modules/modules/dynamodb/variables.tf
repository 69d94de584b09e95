variable "table_messages" {}

variable "table_connections" {}
