terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket         = "room-terraform-state"
    key            = "rooms/terraform.tfstate"
    region         = "ap-northeast-2"
    dynamodb_table = "room-lock"
    encrypt        = true
  }
}

provider "aws" {
  region = "ap-northeast-2"
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "dynamodb" {
  source            = "./modules/dynamodb"
  table_messages    = var.table_messages
  table_connections = var.table_connections
}

module "lambda_ws" {
  source            = "./modules/lambda/websocket"
  name              = var.lambda_name
  zip_path          = "dist/websocket.zip"
  messages_table    = module.dynamodb.messages_table
  connections_table = module.dynamodb.connections_table
  ws_endpoint       = module.api_gateway.websocket_api_url
}

module "api_gateway" {
  source = "./modules/api-gateway"

  ws_lambda_invoke_arn = module.lambda_ws.lambda_invoke_arn
  ws_lambda_name       = module.lambda_ws.lambda_name
}

module "website" {
  source  = "./modules/website"
  project = "rooms"

  providers = {
    aws = aws.us_east_1
  }
}
