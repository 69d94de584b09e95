variable "aws_region" {
  description = "Region of the chat"
  type        = string
}
