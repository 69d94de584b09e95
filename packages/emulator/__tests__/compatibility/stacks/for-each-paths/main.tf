terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 2.7.0"
    }
    github = {
      source  = "integrations/github"
      version = ">= 4.2.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "github" {
  owner = "example"
}

module "aws-websocket" {
  source = "./websocket"

  name  = "notes-example-com"
  paths = ["onconnect", "ondisconnect", "sync"]
}
