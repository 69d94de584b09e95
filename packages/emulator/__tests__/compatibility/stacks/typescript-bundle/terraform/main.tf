locals {
  account_id = data.aws_caller_identity.this.account_id
  region     = data.aws_region.this.name
}

data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      Project = "megaphone"
    }
  }
}
