locals {
  lambda_memory = 128
  zipfile       = "function.zip"
}
