output "api_execution_arn" {
  description = "The prefix of the ARN for invoke permissions"
  value       = try(aws_apigatewayv2_api.this[0].execution_arn, "")
}

output "stage_invoke_url" {
  value = try(aws_apigatewayv2_stage.this[0].invoke_url, null)
}

output "routes" {
  value = aws_apigatewayv2_route.this
}
