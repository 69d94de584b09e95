terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "project_name" {
  default = "cards"
}

variable "aws_region" {
  default = "eu-central-1"
}

provider "aws" {
  region = var.aws_region
}

locals {
  routes = ["connect","disconnect","createGame","joinGame","playCard"]
}
